#!/bin/bash
# Songs of the real binary against the reference's, from its request files to its audio files.
# Usage: check_parity.sh BINARY SOURCE_DIR AUDIO_FACTS
set -u
. "$(dirname "$0")/checks.sh"
golden=$source_dir/tests/data/golden/e2e
common=(--checkpoint_dir "$source_dir/tests/data/checkpoints/e2e" --threads 1 --audio_format wav32
  --progress none --quiet --force)
# What the reference takes for a field left open, where ours depends on the model.
printf 'shift = 1.0\n' >reference.toml

# close SONG REFERENCE WHAT: at least 60 dB
close() {
  local snr
  snr=$("$audio_facts" "$1" "$2" 2>&1)
  equal "$(python3 -c "print(float('$snr') >= 60)" 2>&1 | tail -1)" True "60 dB of $3 ($snr dB)"
}

prompts() { json_value "$1" "[p['output'] for p in it['extra_outputs']['prompts']['lm']]"; }

for name in think_all_metas_en cot_only_ja nolm_user_metas_zh think_default_zh lm_duration; do
  request=$golden/$name/request.json
  seed=$(json_value "$request" "it['global_torch_seed']")
  run 0 "${common[@]}" -c "$request" --compat reference -o $name.wav
  close $name.wav "$golden/$name/audio_0.flac" "$name with --compat reference"

  # Our own way, which begins at 10 seconds: as --compat reference does it, proven above.
  length=(-d 10)
  [ $name = lm_duration ] && length=()
  run 0 "${common[@]}" -c "$request" "${length[@]}" --compat reference -o reference.wav --json --print_prompts
  mv out reference.json
  run 0 "${common[@]}" -c reference.toml -c "$request" "${length[@]}" --lm_seed "$seed" --dtype fp32 \
    -o own.wav --json --print_prompts
  equal "$(prompts out)" "$(prompts reference.json)" "the language model's words in $name"
  close own.wav reference.wav "$name without --compat"
done

request=$golden/think_batch2_zh/request.json
run 0 "${common[@]}" -c "$request" --compat reference -o 'batch-{index}.wav'
for index in 1 2; do
  close batch-$index.wav "$golden/think_batch2_zh/audio_$((index - 1)).flac" "song $index of a batch"
done

finish
