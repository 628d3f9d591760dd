#!/usr/bin/env bash
# What a card of each size can do, as users ask for it: acestep gpu, tiers, models list. Names of
# checks say which promise of docs/TIERS.md they show.
. "$(dirname "$0")/checks.sh"
. "$source_dir/tests/cli/tier_checks.sh"

# --- rows 9 to 16, 63 to 68: one size of every tier, the fields that scripts read
row() {
  card "$1" --device sim
  answers "tier['name'] == '$2' and tier['xl_support'] == '$3' and tier['lm_backend'] == '$4'"
  answers "(tier['max_duration_with_lm'], tier['max_duration_without_lm']) == ($5, $6)"
  answers "(tier['max_batch_size_with_lm'], tier['max_batch_size_without_lm']) == ($7, $8)"
  answers "(tier['offload_to_cpu'], tier['offload_dit_to_cpu']) == ($9, ${10})"
  answers "tier['quantization'] == '${11}' and tier['recommended_lm_model'] == ${12}"
  answers "d['device']['simulated_gb'] == $1 and d['device']['cap_gb'] == max(0.5, $1 - 0.5)"
}
row 4 tier1 no pt 240 360 1 1 True True int8_weight_only None
row 6 tier2 no pt 480 600 1 1 True True int8_weight_only None
row 7.5 tier3 no pt 480 600 2 2 True True int8_weight_only "'acestep-5Hz-lm-0.6B'"
row 8 tier4 no vllm 480 600 2 4 True True int8_weight_only "'acestep-5Hz-lm-0.6B'"
row 12 tier5 marginal vllm 480 600 4 4 True False int8_weight_only "'acestep-5Hz-lm-1.7B'"
row 16 tier6a offload vllm 480 600 4 8 True False int8_weight_only "'acestep-5Hz-lm-1.7B'"
row 20 tier6b full vllm 480 480 8 8 False False none "'acestep-5Hz-lm-1.7B'"
row 24 unlimited full vllm 600 600 8 8 False False none "'acestep-5Hz-lm-4B'"

# --- rows 17, 36, 44, 45: an incompatible backend is one warning, and an error where asked
card 6 --backend vllm
answers "s('backend') == 'pt' and [(a['from'], a['to']) for a in d['adjustments']] == [('vllm', 'pt')]"
has err "backend: vllm -> pt"
MAX_CUDA_VRAM=6 run 2 gpu --backend vllm --strict
has err "--strict allows no adjustment"
card 48 --sim_compute 6.1 --backend vllm
answers "s('backend') == 'pt' and tier['lm_backend'] == 'pt' and '6.1' in tier['lm_backend_reason']"
card 48 --sim_compute rocm:6.1
answers "s('backend') == 'vllm' and d['device']['compute'] == 'rocm:6.1'"
card 48 --sim_compute 7.0
answers "s('backend') == 'vllm' and s('dtype') == 'fp16' and s('attention') == 'eager'"

# --- row 96: the variable that names a backend
ACESTEP_LM_BACKEND=pt card 16
answers "s('backend') == 'pt' and d['settings']['backend']['source'] == 'user'"

# --- rows 5, 7, 60: XL models by tier
card 11 --model acestep-v15-xl-turbo
answers "s('config_path') == 'acestep-v15-turbo' and len(d['adjustments']) == 1"
card 12 --model acestep-v15-xl-turbo --batch_size 4
answers "s('config_path') == 'acestep-v15-xl-turbo' and s('songs_together') == 2"
answers "s('offload_dit_to_cpu') and s('quantization') == 'int8_weight_only'"
card 16 --model acestep-v15-xl-turbo --no-offload_to_cpu
answers "s('offload_to_cpu') is True and d['adjustments'][0]['field'] == 'offload_to_cpu'"
card 20 --model acestep-v15-xl-turbo
answers "s('offload_to_cpu') is False and d['adjustments'] == []"

# --- rows 30, 37, 41, 53: language model and limits
card 6
answers "s('init_lm') is False"
card 6 --thinking --duration 600
answers "s('init_lm') and s('lm_device') == 'cpu' and s('duration') == 480"
card 4 --duration 600 --batch_size 9
answers "s('duration') == 360 and s('songs_together') == 1"
has err "in turns"
card 4 --duration 0
answers "s('duration') is None and s('max_duration') == 360"
run 2 gpu --duration 700
run 2 generate --checkpoint_dir tiny --caption x --duration 700 --dry-run
has err "10 … 600"
run 2 gpu --batch_size 65

# --- row 55: every override is the user's
card 16 --tier tier4 --quantization none --offload_dit_to_cpu=false --vae_chunk_size 128 --vae_on_cpu
answers "tier['name'] == 'tier4' and d['device']['tier_gb'] == 16"
answers "all(d['settings'][n]['source'] == 'user' for n in ('tier', 'quantization', 'offload_dit_to_cpu', 'vae_chunk_size', 'vae_on_cpu'))"
ACESTEP_VAE_ON_CPU=1 card 16
answers "s('vae_on_cpu') is True"
run 2 gpu --tier tier9
has err "did you mean"

# --- row 62: what is no size is ignored with one warning
for size in abc 8GB 0 -1 nan inf; do
  card "$size" --device cpu
  has err "MAX_CUDA_VRAM"
  answers "d['device']['simulated_gb'] is None and len(d['warnings']) == 1"
done

# --- row 98: the chosen card's memory counts
run 0 gpu --json --sim_cards 8,24 --device cuda:1
answers "tier['name'] == 'unlimited' and [x['tier'] for x in d['devices']][1:] == ['tier4', 'unlimited']"
run 2 gpu --sim_cards 8,24 --device sim:2
run 0 gpu --json --device sim
answers "d['device']['kind'] == 'sim' and d['device']['cap_gb'] is None"
run 0 gpu --json --max_vram 8 --sim_scale 0.1
answers "tier['name'] == 'tier4' and d['device']['cap_gb'] == 0.75"

# --- row 20: the processor has the tier of the RAM, and nothing to leave
run 0 gpu --json --device cpu
answers "d['device']['kind'] == 'cpu' and not s('offload_to_cpu') and s('backend') == 'pt'"
run 0 gpu --json --device cpu --compat reference
answers "tier['name'] == 'tier1' and s('vae_chunk_size') == 256"
# the reference's command line loads it whatever the memory
answers "s('init_lm') is True and s('lm_device') == 'cpu' and s('max_duration') == 240"
run 0 gpu --device cpu --max_vram 8
has out "tier=tier4: 8.0 GB < 12"
lacks out "capped"

# --- row 56: the table, and one row of it
run 0 tiers
has out "unlimited"
run 0 tiers --json
answers "len(d['tiers']) == 8"
run 0 tiers tier4 --json
answers "[t['name'] for t in d['tiers']] == ['tier4']"
run 2 tiers tier12
has err "no tier"

# --- row 31: which language models this memory allows
MAX_CUDA_VRAM=8 run 0 models list --json
answers "{m['name']: m['allowed'] for m in d['models'] if 'allowed' in m} == {'acestep-5Hz-lm-0.6B': True, 'acestep-5Hz-lm-1.7B': False, 'acestep-5Hz-lm-4B': False}"

# --- generate makes what is told here
plan 4 --checkpoint_dir tiny --thinking
keep
card 4 --checkpoint_dir tiny --thinking --duration 30
answers "d['tier'] == other['tier'] and d['device']['cap_gb'] == other['device']['cap_gb']"
answers "[n for n in d['settings'] if d['settings'][n] != other['settings'][n]] == []"
answers "d['adjustments'] == other['adjustments'] and d['warnings'] == other['warnings']"

finish
