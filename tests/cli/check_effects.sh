#!/bin/bash
# What the options about models, machine, seeds and sound do. Those that shape the song itself are
# tried one by one in tests/unit/pipeline/option_effects_test.cpp.
# Usage: check_effects.sh BINARY SOURCE_DIR AUDIO_FACTS
set -u
. "$(dirname "$0")/checks.sh"
plain=(--no-thinking --no-use_cot_metas --no-use_cot_caption --no-use_cot_language)
song=(--threads 1 --dtype fp32 --progress none "${plain[@]}" -p x -d 10 --seed 5 --no-sidecar)
result() { equal "$(json_value out "$1")" "$2" "$1"; }

mkdir root
run 0 models make-tiny root/checkpoints
run 0 models make-tiny other --seed 2
tiny=(--checkpoint_dir root/checkpoints)

# --- where models are
run 3 "${song[@]}" -o none.wav
has err "checkpoints"
run 0 "${song[@]}" --project_root root -o base.wav
ACESTEP_PROJECT_ROOT=root run 0 models where --quiet
equal "$(cat out)" "$work/root/checkpoints" "the folder below project_root"

# --- which models
run 0 "${song[@]}" "${tiny[@]}" -m other/acestep-v15-turbo -o dit.wav
other_sound base.wav dit.wav
run 0 "${song[@]}" "${tiny[@]}" --vae_checkpoint other/vae -o vae.wav
other_sound base.wav vae.wav
run 3 "${song[@]}" "${tiny[@]}" --vae_checkpoint scragvae -o never.wav
has err scragvae
run 3 "${song[@]}" "${tiny[@]}" --vae_checkpoint other -o never.wav
lm=("${tiny[@]}" --threads 1 --dtype fp32 --progress none --no-use_cot_caption --no-use_cot_language -p x -d 10 --seed 5 --save_codes)
run 0 "${lm[@]}" -o lm.wav
run 0 "${lm[@]}" --lm_model_path other/acestep-5Hz-lm-0.6B -o other-lm.wav
differs lm.codes.txt other-lm.codes.txt
run 3 "${lm[@]}" --lm_model_path acestep-5Hz-lm-4B -o never.wav
has err acestep-5Hz-lm-4B
run 0 "${lm[@]}" --lm_model_path none --json -o without-lm.wav
result "it['extra_outputs']['lm_metadata']" null

# --- number formats, 8 bits, random numbers
run 0 "${song[@]}" "${tiny[@]}" --dtype fp32 -o fp32.wav
run 0 "${song[@]}" "${tiny[@]}" --dtype bf16 -o bf16.wav
other_sound fp32.wav bf16.wav
run 0 "${lm[@]}" --quantization int8_weight_only --lm_quantization int8_weight_only --json -o int8.wav
result "[it['extra_outputs']['quantization'][part]['layers'] > 0 for part in ('dit', 'lm')]" '[true, true]'
other_sound lm.wav int8.wav
run 2 "${song[@]}" "${tiny[@]}" --lm_quantization int4
has err "allowed: none, int8_weight_only"
run 0 "${song[@]}" "${tiny[@]}" --rng device -o device.wav
same_sound base.wav device.wav # one device: the processor
run 0 "${song[@]}" "${tiny[@]}" -b 1 --compat reference --global_seed 3 --infer_method sde -o three.wav
run 0 "${song[@]}" "${tiny[@]}" -b 1 --compat reference --global_seed 4 --infer_method sde -o four.wav
other_sound three.wav four.wav
run 2 -n -p x "${tiny[@]}" --global_seed 4
has err "it needs --compat reference"
run 2 -n -p x "${tiny[@]}" --global_seed -1

# --- models stay in memory, or are loaded for every song
printf '{"caption": "a", "seed": 1}\n{"caption": "b", "seed": 2}\n' >two.jsonl
loads() {
  run 0 batch two.jsonl "${tiny[@]}" --threads 1 "${plain[@]}" -d 10 -v --save_dir "$1" "${@:2}"
  equal "$(grep -c 'loading vae' err)" "$1" "times that vae was loaded, $*"
}
loads 1
loads 2 --no-keep_loaded

# --- seeds
run 0 "${song[@]}" "${tiny[@]}" -b 2 --seed_mode random --json -O random
result "it['audios'][0]['seed'] == 5 and it['audios'][1]['seed'] not in (5, 6)" true
printf '{"caption": "x", "seed": 5}' >five.json
run 0 "${tiny[@]}" --threads 1 "${plain[@]}" -c five.json -d 10 --use_random_seed --json -O drawn
result "it['audios'][0]['seed'] == 5" false

# --- words
run 0 -n --json -p x "${tiny[@]}" --instrumental
request lyrics '"[Instrumental]"'
run 2 -n -p x "${tiny[@]}" --instrumental=maybe
has err "expected true or false"

# --- level and fades
run 0 "${song[@]}" "${tiny[@]}" --json --audio_format wav32 --normalization_db -3 -o quiet.wav
result "round(it['audios'][0]['peak_db'], 3)" -3.0
run 0 "${song[@]}" "${tiny[@]}" --json --audio_format wav32 --no-enable_normalization -o raw.wav
result "round(it['audios'][0]['peak_db'], 3) not in (-1.0, -3.0)" true
edge() { # FILE OFFSET: one float sample of a 32-bit wav, counted from its end
  python3 -c 'import struct, sys
print(struct.unpack("<f", open(sys.argv[1], "rb").read()[-4 * int(sys.argv[2]) :][:4])[0] == 0.0)' "$1" "$2"
}
run 0 "${song[@]}" "${tiny[@]}" --audio_format wav32 --fade_in_duration 2 --fade_out_duration 2 -o fades.wav
equal "$(edge fades.wav 1)" True "silence at the end of the fade"
equal "$(edge fades.wav 960000)" True "silence at the start of the fade"
equal "$(edge quiet.wav 1)" False "silence at the end without a fade"
run 2 "${song[@]}" "${tiny[@]}" --fade_out_duration 11
has err "allowed: 0 … 10"

finish
