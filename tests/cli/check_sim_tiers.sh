#!/bin/bash
# The promise of every tier, kept: songs on simulated cards of every size, scaled down with the
# models (--sim_scale auto). Names of checks say which promise of docs/TIERS.md they show.
# Usage: check_sim_tiers.sh BINARY SOURCE_DIR
. "$(dirname "$0")/checks.sh"
unset MAX_CUDA_VRAM
run 0 models make-tiny models --proportioned
song=(--checkpoint_dir models --threads 1 --dtype fp32 --progress none --caption x --duration 10 --seed 1
  --inference_steps 2 --no-use_cot_metas --no-use_cot_caption --no-use_cot_language --dtype bf16
  --sim_scale auto --json -O songs)

# holds PYTHON_EXPRESSION: about the result d in out; m is its memory
holds() {
  checks=$((checks + 1))
  python3 - "$1" <<'PY' || fail "$(head -c 200 out | tr '\n' ' '): $1"
import json, sys
d = json.load(open("out"))
extra = d.get("extra_outputs", {})
m = extra.get("memory", {})
moves = m.get("moves", {})
stages = {s["stage"]: s["peak_gb"] for s in m.get("stages", [])}
adjusted = [a["field"] for a in extra.get("adjustments", [])]
sys.exit(0 if eval(sys.argv[1]) else 1)
PY
}

# tier GB NAME: the song of a card of that size, within its cap
tier() {
  MAX_CUDA_VRAM=$1 run 0 "${song[@]}" "${@:3}"
  holds "m['tier'] == '$2'"
  holds "extra['peak_vram_gb'] <= m['cap_gb']"  # rows 68, 69
  holds "m['estimate_gb'] >= extra['peak_vram_gb']"
  python3 -c "
import json; d = json.load(open('out')); m = d['extra_outputs']['memory']
print('$1 GB:', {s['stage']: round(s['peak_gb'] * 1024, 1) for s in m['stages']}, 'cap', round(m['cap_gb'] * 1024, 1),
      'estimate', round(m['estimate_gb'] * 1024, 1), 'tile', m['vae_chunk_size'])"
}

# --- rows 26, 33, 57: the lowest tiers hold two blocks of the DiT, and nothing that is idle
for size in 4 6; do
  tier "$size" "tier$((size / 2 - 1))"
  holds "m['stream_dit_blocks'] and moves['DiT']['blocks'] >= 20"
  holds "all(c['to_device'] == c['to_host'] == 1 for c in moves.values())"
  holds "extra['quantization']['dit']['layers'] > 200"
  holds "m['lm_model'] == ''"
done
# --- row 40: a card of 4 GB decodes in tiles, one of 6 GB at once
MAX_CUDA_VRAM=4 run 0 "${song[@]}"
holds "m['vae_chunk_size'] < 250"
MAX_CUDA_VRAM=6 run 0 "${song[@]}"
holds "m['vae_chunk_size'] == 250"

# --- rows 26, 35: CPU and DiT offload: all leave; INT8 whatever is said of compiling
tier 8 tier4 --compile_model
holds "not m['stream_dit_blocks'] and moves['DiT']['to_host'] == 1 and moves['language model']['to_host'] == 1"
holds "extra['quantization']['dit']['layers'] > 200"

# --- row 27: CPU offload: the DiT stays
for size in 12 16; do
  tier "$size" "$([ "$size" = 12 ] && echo tier5 || echo tier6a)" --keep_loaded
  holds "moves['DiT']['to_host'] == 0 and moves['VAE']['to_host'] == 1 and moves['text encoder']['to_host'] == 1"
  holds "extra['quantization']['dit']['layers'] > 200"
done

# --- row 28: everything stays, in full precision
for size in 20 24 48; do
  tier "$size" "$([ "$size" = 20 ] && echo tier6b || echo unlimited)" --keep_loaded
  holds "all(c['to_host'] == 0 for c in moves.values())"
  holds "extra['quantization']['dit'] is None"
done

# --- row 79: 4 GB with offload switched off run out of memory, with a table and nothing written
rm -rf songs
MAX_CUDA_VRAM=4 run 5 "${song[@]}" --no-offload_to_cpu
has err "does not fit"
has err "too much"
checks=$((checks + 1))
[ -z "$(ls songs 2>/dev/null)" ] || fail "a song that did not fit left files"

# --- row 26: the moves are told
MAX_CUDA_VRAM=4 run 0 "${song[@]}" --log_level DEBUG
has err "memory: DiT left the device"

# --- rows 37, 41: more songs than the tier computes together are all written
rm -rf songs
MAX_CUDA_VRAM=8 run 0 "${song[@]}" -b 3
holds "len(d['audios']) == 3 and m['songs_together'] == 2 and adjusted.count('batch_size') == 1"

MAX_CUDA_VRAM=24 run 0 "${song[@]}" -b 3 --songs_together 2
holds "len(d['audios']) == 3 and m['songs_together'] == 2 and adjusted == []"

# --- row 40: the user's tile; seams are not heard, whatever the overlap from 16 frames on
MAX_CUDA_VRAM=24 run 0 "${song[@]}" --vae_chunk_size 64 --vae_overlap 24
holds "m['vae_chunk_size'] == 64"

# --- row 95: songs do not depend on where their models are kept
sha() { python3 -c "import json; print(json.load(open('out'))['audios'][0]['sha256'])"; }
same_song() {
  MAX_CUDA_VRAM=24 run 0 "${song[@]}" --quantization int8_weight_only --vae_chunk_size 128 "$@"
  equal "$(sha)" "$expected" "the song with $*"
}
MAX_CUDA_VRAM=24 run 0 "${song[@]}" --quantization int8_weight_only --vae_chunk_size 128
expected=$(sha)
same_song --offload_to_cpu
same_song --offload_to_cpu --offload_dit_to_cpu
same_song --offload_to_cpu --offload_dit_to_cpu --stream_dit_blocks
same_song --vae_on_cpu

finish
