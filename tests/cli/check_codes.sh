#!/bin/bash
# A song split at its codes: --lm_only and --keep_codes, then a song from what they wrote.
# Usage: check_codes.sh BINARY SOURCE_DIR AUDIO_FACTS
set -u
. "$(dirname "$0")/checks.sh"
machine=(--checkpoint_dir tiny --device cpu --dtype fp32 --threads 1 --progress none)
whole=("${machine[@]}" --audio_format wav -p 'warm folk' -l $'[Verse]\nla la' -d 10 --seed 5)

run 0 generate "${whole[@]}" --keep_codes kept.json --no-sidecar -o whole.wav
run 0 generate "${whole[@]}" --lm_only --keep_codes split.json
equal "$(cat out)" split.json "what --lm_only prints"
same kept.json split.json
run 0 generate "${whole[@]}" --lm_only
same out split.json
equal "$(json_value split.json "[it['audio_codes'].count('audio_code'), it['thinking'], it['lm_model_path']]")" \
  '[50, false, "none"]' "a request with codes"
run 0 generate -c split.json "${machine[@]}" --no-sidecar -o split.wav
same_sound whole.wav split.wav
run 0 generate --sample_query x "${machine[@]}" -d 10 --seed 5 --keep_codes wished.json --no-sidecar -o wished.wav
run 0 generate -c wished.json "${machine[@]}" --no-sidecar -o wished2.wav
same_sound wished.wav wished2.wav
run 0 generate "${whole[@]}" -b 2 --lm_only --keep_codes two.jsonl
run 0 batch two.jsonl "${machine[@]}" -O songs --name_template '{seed}' --audio_format wav --no-sidecar
same_sound whole.wav songs/5.wav
run 0 models make-tiny whole
mkdir part
cp -r whole/acestep-5Hz-lm-0.6B part
run 0 generate "${whole[@]}" --checkpoint_dir part --lm_only --json # no other model is there
equal "$(json_value out "[it['success'], len(it['requests'])]")" '[true, 1]' "the object of --lm_only"
run 2 generate "${whole[@]}" -b 2 --lm_only --keep_codes two.json
has err ".jsonl"
run 2 generate "${whole[@]}" --lm_only -o x.wav
run 2 generate "${whole[@]}" --lm_only --compat reference
run 2 generate "${whole[@]}" --lm_only --lm_model_path none
run 6 generate "${whole[@]}" --lm_only --keep_codes kept.json
printf '{"caption": "x", "lm_only": true}\n' >only.jsonl
run 2 batch only.jsonl "${machine[@]}" -O never
has err "a batch writes songs"
nothing_in never/*.flac
finish
