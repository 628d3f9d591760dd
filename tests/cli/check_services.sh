#!/bin/bash
# The language model's services: create-sample, format-sample, understand, and how long they take.
# Usage: check_services.sh BINARY SOURCE_DIR AUDIO_FACTS
set -u
. "$(dirname "$0")/checks.sh"
machine=(--checkpoint_dir tiny --device cpu --dtype fp32 --threads 1 --progress none)
fields='["bpm", "caption", "duration", "instrumental", "keyscale", "language", "lyrics", "timesignature"]'

# is_request FILE: the one schema, and a request as it is
is_request() {
  equal "$(json_value "$1" "sorted(it)")" "$fields" "keys of $1"
  run 0 generate -c "$1" -n --json "${machine[@]}" --strict-config
  for field in caption lyrics bpm; do
    equal "$(json_value out "it['request']['$field']")" "$(json_value "$1" "it['$field']")" "$field of $1"
  done
}

# --- a song in words from a wish
run 0 create-sample 'a soft Bengali love song' "${machine[@]}" --seed 5 --json -o wish.json
cp out wish-out.json
is_request wish.json
same wish-out.json wish.json
equal "$(json_value wish.json "it['language']")" '"bn"' "the language that the wish names"
run 0 create-sample 'a soft Bengali love song' "${machine[@]}" --seed 5
has out "caption: $(python3 -c 'import json; print(json.load(open("wish.json"))["caption"])')"
has err "seed 5"
run 0 create-sample 'a soft Bengali love song' "${machine[@]}" --seed 6 --json
differs out wish.json
run 0 create-sample 'piano solo' "${machine[@]}" --seed 5 --json
equal "$(json_value out "it['instrumental']")" true "what 'solo' asks for"
run 0 create-sample x "${machine[@]}" --seed 5 --json --instrumental --vocal_language fr
equal "$(json_value out "[it['instrumental'], it['language']]")" '[true, "fr"]' "what options ask for"
pipe 'a soft Bengali love song' 0 create-sample - "${machine[@]}" --seed 5 --json
same out wish.json
printf 'a soft Bengali love song' >wish.txt
run 0 create-sample @wish.txt "${machine[@]}" --lm_seed 5 --json
same out wish.json
run 0 create-sample "${machine[@]}" --seed 5 --json
cp out own.json
is_request own.json

# --- caption and lyrics rewritten; what is given stays
run 0 format-sample -p 'latin pop' -l $'[Verse]\nla la' --bpm 96 --keyscale Am "${machine[@]}" --seed 5 --json --request_out format.json
is_request format.json
equal "$(json_value format.json "[it['bpm'], it['keyscale']]")" '[96, "A minor"]' "given values"

# --- codes described
run 0 understand --audio_codes 1,2,3,4,5 "${machine[@]}" --seed 5 --json -o codes.json
is_request codes.json
printf '<|audio_code_1|><|audio_code_2|><|audio_code_3|><|audio_code_4|><|audio_code_5|>' >codes.txt
run 0 understand --audio_codes @codes.txt "${machine[@]}" --seed 5 --json
same out codes.json

# --- as the reference: its fields and its generator
run 0 create-sample x "${machine[@]}" --compat reference --global_seed 5 --json
cp out reference.json
run 0 create-sample x "${machine[@]}" --compat reference --global_seed 5 --json
same out reference.json

# --- only the language model is needed
run 0 models make-tiny whole
mkdir part
cp -r whole/acestep-5Hz-lm-0.6B part
run 0 create-sample x "${machine[@]}" --checkpoint_dir part --device sim --dtype fp32 --seed 5 --json --request_out sim.json
run 0 create-sample x "${machine[@]}" --seed 5 --json
same out sim.json

# --- errors: before any model is loaded, and nothing is left behind
run 2 create-sample x "${machine[@]}" --lm_model_path none
has err "create-sample asks the language model, but lm_model_path is none"
run 2 format-sample "${machine[@]}"
has err "caption and lyrics are both empty"
run 2 format-sample -p x --bpm 999 "${machine[@]}"
has err "allowed: 30 … 300"
run 2 understand "${machine[@]}"
run 2 understand --audio_codes 64000 "${machine[@]}"
has err "0 … 63999"
run 2 create-sample x "${machine[@]}" --vocal_language xx
run 2 create-sample a b "${machine[@]}"
run 3 create-sample x "${machine[@]}" --checkpoint_dir nowhere
has err "acestep models download"
run 4 create-sample @absent.txt "${machine[@]}"
run 6 create-sample x "${machine[@]}" -o wish.json
has err "wish.json"
run 6 create-sample x "${machine[@]}" -o absent/wish.json
run 0 create-sample x "${machine[@]}" -o wish.json --force
run 9 create-sample x "${machine[@]}" --generation_timeout 0.001 -o late.json
nothing_in late.json
equal "$(find . -name '.*.part-*')" "" "files left behind"
run 2 create-sample x "${machine[@]}" --lm_model_path none --json
equal "$(json_value out "[it['success'], it['exit_code']]")" '[false, 2]' "a failure as JSON"

# --- how long the services take
for mode in understand format_sample; do
  run 0 bench $mode "${machine[@]:0:8}" --no-warmup --json
  equal "$(json_value out "it['tokens'] > 0 and it['tokens_per_second'] > 0 and it['song']['caption'] != ''")" true "bench $mode"
done
run 0 profile --mode create_sample --checkpoint_dir tiny --threads 1 --no-warmup
has out tokens_per_second
run 2 bench sing --checkpoint_dir tiny
has err "understand, create_sample, format_sample"
finish
