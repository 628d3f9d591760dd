#!/bin/bash
# Songs on the simulated GPU: the CPU's to the byte, with a peak of memory in the result.
# Usage: check_sim.sh BINARY SOURCE_DIR
set -u
. "$(dirname "$0")/checks.sh"
quick=(--checkpoint_dir toy --threads 1 --dtype fp32 --progress none --no-use_cot_caption --no-use_cot_language -p x -d 10 --seed 3)
silent=(--no-thinking --no-use_cot_metas)
run 0 models make-tiny toy

# both NAME ARGUMENTS…: the same song on both devices
both() {
  local name=$1
  shift
  rm -rf cpu sim
  run 0 "${quick[@]}" --device cpu -O cpu --name_template 'x{index}' --save_latents "$@"
  run 0 "${quick[@]}" --device sim -O sim --name_template 'x{index}' --save_latents "$@"
  for file in cpu/*.flac cpu/*.safetensors; do
    same "$file" "sim/${file#cpu/}"
  done
}

both float32 --dtype fp32
both bfloat16 --dtype bf16
both float16 "${silent[@]}" --dtype fp16
both int8 --quantization int8_weight_only --lm_quantization int8_weight_only
both w8a8 "${silent[@]}" --quantization w8a8_dynamic
both guided "${silent[@]}" -m acestep-v15-base --inference_steps 4 --guidance_scale 7
both sde "${silent[@]}" --infer_method sde --rng device
both two "${silent[@]}" -b 2 --songs_together 1
both reference -b 1 --compat reference --global_seed 5

# --- what the result tells
run 0 "${quick[@]}" "${silent[@]}" --device sim -O told --json
equal "$(json_value out "it['extra_outputs']['device']")" '"simulated GPU"' "the device"
weights=$(stat -L -c %s toy/acestep-v15-turbo/model.safetensors)
equal "$(json_value out "$weights / 4 < it['extra_outputs']['peak_vram_gb'] * 2**30 < 4e9")" true "a plausible peak"
run 0 "${quick[@]}" "${silent[@]}" --device cpu -O told --json
equal "$(json_value out "it['extra_outputs']['peak_vram_gb']")" null "the CPU's peak"

# --- a batch stays on it
printf '%s\n' '{"id": "a", "caption": "x"}' '{"id": "b", "caption": "y"}' >list.jsonl
run 0 batch list.jsonl --checkpoint_dir toy --threads 1 --progress none "${silent[@]}" -d 10 --seed 3 --device sim -O batch
equal "$(find batch -name '*.flac' | wc -l)" 2 "number of songs of the batch"

# --- a song of a batch that does not fit fails alone
printf '%s\n' '{"caption": "x", "max_vram": 4, "sim_scale": 0.0003}' '{"caption": "y"}' >mixed.jsonl
run 8 batch mixed.jsonl --checkpoint_dir toy --threads 1 --progress none "${silent[@]}" -d 10 --seed 3 --device sim -O mixed --keep_going --json
has err "the song does not fit"
equal "$(grep -c '"exit_code":5' out)" 1 "lines of songs that do not fit"
equal "$(find mixed -name '*.flac' | wc -l)" 1 "songs beside the one that does not fit"

run 2 "${quick[@]}" --device simulated
has err "use auto, cpu, cuda, cuda:N or sim"

finish
