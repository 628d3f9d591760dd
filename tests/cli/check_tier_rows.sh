#!/usr/bin/env bash
# Promises of docs/TIERS.md that are about one song: what `generate` plans on a card of each size.
# Names of checks are the promises' numbers. Usage: check_tier_rows.sh BINARY SOURCE_DIR
. "$(dirname "$0")/checks.sh"
. "$source_dir/tests/cli/tier_checks.sh"
tiny=(--checkpoint_dir tiny)

# --- row 1, 50: limits, language model, offload and INT8 follow the memory
card 6
keep
card 24.5
answers "all(tier[name] != other['tier'][name] for name in ('name', 'xl_support', 'init_lm', 'lm_backend', 'recommended_lm_model', 'available_lm_models', 'max_duration_with_lm', 'max_batch_size_with_lm', 'max_batch_size_without_lm', 'offload_to_cpu', 'offload_dit_to_cpu', 'quantization'))"

# --- row 2: the machine's own memory, as the system counts it
run 0 gpu --json --device cpu
answers "d['device']['total_gb'] > 0 and abs(d['device']['total_gb'] - int(open('/proc/meminfo').read().split()[1]) / 2**20) < 0.1 or os.path.exists('/sys/fs/cgroup/memory.max')" \
  "d['device']['name'] and tier['name'] and tier['reason']"

# --- rows 3, 4: kinds of models by their names, and the size of their files
plan 24.5 --model acestep-v15-xl-sft
answers "d['models']['dit']['type'] == 'xl_base' and d['models']['dit']['present'] is False"
plan 24.5 "${tiny[@]}"
answers "d['models']['dit']['type'] == 'turbo'" \
  "d['models']['dit']['bytes'] > 0 and sum(p['weights_gb'] > 0 for p in d['plan']) >= 3" \
  "[p['stage'] for p in d['plan']] == ['compose', 'condition', 'denoise', 'decode']" \
  "d['estimate']['peak_gb'] == max(p['peak_gb'] for p in d['plan'])"

# --- rows 5, 7, 60: XL models by tier
plan 11 --model acestep-v15-xl-turbo
answers "('config_path', 'acestep-v15-xl-turbo', 'acestep-v15-turbo') in adjusted"
has err "acestep-v15-xl-turbo -> acestep-v15-turbo"
plan 12 --model acestep-v15-xl-turbo
answers "s('config_path') == 'acestep-v15-xl-turbo' and s('offload_dit_to_cpu') and s('quantization') == 'int8_weight_only'"
plan 16 --model acestep-v15-xl-turbo
answers "s('offload_to_cpu') and not s('offload_dit_to_cpu')"
plan 20 --model acestep-v15-xl-turbo
answers "not s('offload_to_cpu') and s('quantization') == 'none'"

# --- rows 6, 22, 61: every language model goes with XL models; the sum of all is told
for lm in 0.6B 1.7B 4B; do
  card 24.5 --model acestep-v15-xl-sft --lm_model_path acestep-5Hz-lm-$lm --duration 240
  answers "s('config_path') == 'acestep-v15-xl-sft' and s('lm_model_path') == 'acestep-5Hz-lm-$lm' and adjusted == []"
done
answers "abs(d['estimate']['resident_gb'] - 25.13) < 0.01"  # 9.0 + 0.33 + 1.2 + 0.5 + 4.0 + 9.6 + 0.5
keep
card 24.5 --model acestep-v15-sft --lm_model_path acestep-5Hz-lm-4B --duration 240
answers "other['estimate']['resident_gb'] - d['estimate']['resident_gb'] >= 9.0 - 4.7"

# --- row 8: tracks are for base models; another one is told which can
for task in lego extract complete; do
  MAX_CUDA_VRAM=24.5 run 2 generate --caption x --dry-run --task_type $task --model acestep-v15-xl-turbo
  has err "acestep-v15-xl-base can"
done
run 2 generate --caption x --dry-run --task_type lego --model acestep-v15-sft
has err "acestep-v15-base can"
run 2 generate --caption x --dry-run --task_type lego --model acestep-v15-base
lacks err "no base model"

# --- rows 9 to 16, 18, 19, 63 to 67: every size and edge belongs to one tier
run 0 gpu --json --sim_cards 2,3.94,4,4.01,5.8,6,6.01,7.6,7.99,8,8.01,11.76,11.99,12,12.01,15.49,15.5,16,19.99,20,23.99,24,24.01,80
answers "' '.join(x['tier'].replace('tier', '') for x in d['devices'][1:]) == '1 1 1 2 2 2 3 3 3 4 4 4 4 5 5 5 6a 6a 6a 6b 6b unlimited unlimited unlimited'" \
  "[x['tier_gb'] for x in d['devices'][1:4]] == [2, 3.94, 4]"

# --- row 21: what XL models are to each tier
run 0 tiers --json
answers "[t['xl_support'] for t in d['tiers']] == ['no'] * 4 + ['marginal', 'offload', 'full', 'full']"

# --- row 23: a language model that is too large is replaced, never silently
plan 8 --lm_model_path acestep-5Hz-lm-1.7B
answers "('lm_model_path', 'acestep-5Hz-lm-1.7B', 'acestep-5Hz-lm-0.6B') in adjusted and d['models']['lm']['name'] == 'acestep-5Hz-lm-0.6B'"
has err "acestep-5Hz-lm-1.7B -> acestep-5Hz-lm-0.6B"
MAX_CUDA_VRAM=8 run 2 generate --caption x --dry-run --strict --lm_model_path acestep-5Hz-lm-1.7B

# --- row 24: the recommended one where it is installed, else the first that the tier allows
run 0 models make-tiny models
for size in 1.7B 4B; do cp -r models/acestep-5Hz-lm-0.6B models/acestep-5Hz-lm-$size; done
plan 24.5 --checkpoint_dir models
answers "d['models']['lm']['name'] == 'acestep-5Hz-lm-4B' and d['models']['lm']['present']"
rm -r models/acestep-5Hz-lm-4B
plan 24.5 --checkpoint_dir models
answers "d['models']['lm']['name'] == 'acestep-5Hz-lm-0.6B' and d['models']['lm']['present']"
plan 16 --checkpoint_dir models
answers "d['models']['lm']['name'] == 'acestep-5Hz-lm-1.7B' and d['models']['lm']['present']"

# --- rows 25, 32, 47: which backends are allowed, and why
card 7.6
answers "tier['allowed_lm_backends'] == ['pt'] and 'cache' in tier['lm_backend_reason']"
# rows 33, 54, 58: the smallest tier with a language model
answers "s('init_lm') and s('lm_model_path') == 'acestep-5Hz-lm-0.6B' and s('backend') == 'pt' and s('offload_to_cpu') and s('offload_dit_to_cpu')"
card 8.01  # row 59
answers "'vllm' in tier['allowed_lm_backends'] and s('backend') == 'vllm' and s('lm_model_path') == 'acestep-5Hz-lm-0.6B'"
card 12.01
answers "s('backend') == 'vllm' and s('lm_model_path') == 'acestep-5Hz-lm-1.7B' and not s('offload_dit_to_cpu')"

# --- rows 29, 34: INT8 below 20 GB
card 19
answers "s('quantization') == 'int8_weight_only'"
card 20
answers "s('quantization') == 'none' and '20' in d['settings']['quantization']['reason']"
# --- row 35: with and without compiling
plan 8 "${tiny[@]}" --compile_model
answers "s('quantization') == 'int8_weight_only' and 'INT8 does not depend on it' in d['settings']['compile_model']['reason']"

# --- rows 17, 36: an incompatible backend is one warning with both names, and the run goes on
plan 6 "${tiny[@]}" --backend vllm
answers "adjusted == [('backend', 'vllm', 'pt')] and d['exit_code'] == 0 and source('backend') == 'forced'"
equal "$(grep -c 'vllm' err)" 1 "warnings about the backend"

# --- rows 30, 54: asked for on a small card, the language model runs on the processor, told
plan 6 "${tiny[@]}" --thinking
answers "s('init_lm') and s('lm_device') == 'cpu' and d['request']['thinking'] is True"
has err "lm_device"
plan 6 "${tiny[@]}"
answers "d['request']['thinking'] is False and 'lm' not in d['models']"

# --- rows 37, 38: the guard lowers the batch and refuses, with a table, what fits in no way
plan 48 "${tiny[@]}" --duration 240 --batch_size 8 --sim_scale 0.002
answers "[a for a in adjusted if a[0] == 'songs_together'][0] == ('songs_together', 8, 4)" \
  "d['request']['batch_size'] == 8 and d['estimate']['peak_gb'] <= d['device']['cap_gb'] + 0.005"  # told in two digits
plan 48 "${tiny[@]}" --duration 240 --sim_scale 0.0001
answers "d['exit_code'] == 5 and 'the song does not fit: 0.0' in d['errors'][0] and 'needed' in d['errors'][0]"
MAX_CUDA_VRAM=48 run 5 generate --caption x --duration 240 "${tiny[@]}" --sim_scale 0.0001
has err "the song does not fit: 0.0"
has err "needed"

# --- row 40: the tile is planned, and smaller where less is free
plan 48 "${tiny[@]}" --duration 240
keep
plan 48 "${tiny[@]}" --duration 240 --sim_scale 0.002
answers "other['plan'][3]['chunk'] == 6000 and d['plan'][3]['chunk'] in (64, 128, 256, 512, 1024, 1536)"
ACESTEP_VAE_DECODE_CHUNK_SIZE=192 plan 48 "${tiny[@]}"
answers "s('vae_chunk_size') == 192 and d['plan'][3]['chunk'] == 192"

# --- rows 41, 53: lengths and batches above the limit
plan 4 "${tiny[@]}" --duration 600 --batch_size 9
answers "('duration', 600, 360) in adjusted and d['request']['duration'] == 360" \
  "('batch_size', 9, 1) in adjusted and d['request']['batch_size'] == 9"
has err "duration: 600.0 -> 360.0"
plan 4 "${tiny[@]}" --duration 600 --thinking
answers "d['request']['duration'] == 240 and s('max_duration') == 240"
plan 8 "${tiny[@]}" --duration 600
answers "d['request']['duration'] == 480"

# --- rows 42 to 48: legacy cards on every tier; not newer ones, not ROCm
for compute in 5.2 6.0; do
  card 12 --sim_compute $compute --backend vllm
  answers "s('backend') == 'pt' and tier['allowed_lm_backends'] == ['pt'] and '$compute' in tier['lm_backend_reason']" \
    "adjusted == [('backend', 'vllm', 'pt')]"
done
card 4 --sim_compute 6.1
answers "s('backend') == 'pt' and s('quantization') == 'w8a8_dynamic' and s('dtype') == 'fp16'"  # row 49
for compute in 7.5 8.6 9.0 12.0; do
  card 48 --sim_compute $compute
  answers "s('backend') == 'vllm'" "s('attention') == ('eager' if '$compute' == '7.5' else 'sdpa')"  # row 52
done
plan 48 "${tiny[@]}" --sim_compute 6.1 --backend vllm
answers "('backend', 'vllm', 'pt') in adjusted"

# --- row 51: what the language model is for
run 0 generate --help
has out "tempo, key, metre and length"

# --- row 55: what the user says is said to be the user's
plan 16 "${tiny[@]}" --no-offload_to_cpu --quantization none --backend pt --batch_size 2 --songs_together 1
answers "all(source(name) == 'user' for name in ('offload_to_cpu', 'quantization', 'backend', 'songs_together'))"

# --- row 57: what a small card needs is not switched off without a warning
plan 4 "${tiny[@]}" --quantization none
answers "any('quantization is switched off' in w for w in d['warnings']) and s('quantization') == 'none'"

# --- row 62: no size
MAX_CUDA_VRAM=abc run 0 generate --caption x --dry-run --json "${tiny[@]}" --device cpu
answers "d['device']['simulated_gb'] is None and any('MAX_CUDA_VRAM' in w for w in d['warnings'])"

# --- row 68: the cap
card 0.7 --device sim
answers "d['device']['cap_gb'] == 0.5 and tier['name'] == 'tier1'"

# --- row 94: what can be measured
run 0 bench --help
for mode in profile benchmark understand create_sample format_sample; do has out $mode; done

# --- rows 95, 96: where the song is decoded, how the language model decodes
ACESTEP_VAE_ON_CPU=1 ACESTEP_LM_BACKEND=pt plan 16 "${tiny[@]}"
answers "s('vae_on_cpu') and d['plan'][3]['device'] == 'cpu' and d['plan'][3]['peak_gb'] == 0" \
  "s('backend') == 'pt' and d['sources']['backend'] == 'environment (ACESTEP_LM_BACKEND)' or 'ACESTEP_LM_BACKEND' in d['sources']['backend']"

# --- row 97: why there is no card
run 0 doctor --checkpoint_dir tiny
has out "graphics card"
has out "memory"
has out "libtorch"

# --- row 98: the chosen card's memory counts for the song
run 0 generate --caption x --duration 30 --dry-run --json "${tiny[@]}" --sim_cards 8,24 --device cuda:1
answers "tier['name'] == 'unlimited' and d['device']['index'] == 1"

finish
