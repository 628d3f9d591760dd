#!/bin/bash
# acestep quantize: INT8 folders that make the songs quantising while loading makes, reports, and
# what is refused. Usage: check_quantize.sh BINARY SOURCE_DIR
set -u
. "$(dirname "$0")/checks.sh"

run 0 models make-tiny toy --quiet

# --- the two large models, written once
run 0 quantize acestep-v15-turbo --checkpoint_dir toy -o dit/ --quiet
equal "$(cat out)" dit "the path printed"
run 0 quantize ./toy/acestep-5Hz-lm-0.6B -o lm --json --quiet
equal "$(json_value out "[it['path'], it['type'], it['dtype'], 'report' in it]")" \
  '["lm", "int8_weight_only", "bf16", false]' "the result"
equal "$(json_value out "it['bytes_after'] < it['bytes_before']")" true "bytes saved"
for folder in dit lm; do
  run 0 models verify ./$folder --hash
  has out "I8"
  run 0 models info ./$folder --json
  equal "$(json_value out "[it['state'], it['misfits']]")" '["present", null]' "models info"
done
run 0 models info ./dit --json
equal "$(json_value out "it['family']")" '"turbo"' "its family"

# --- the same songs; what their files tell of the models differs
mkdir -p stored
ln -s ../toy/vae ../toy/Qwen3-Embedding-0.6B stored
ln -s ../dit stored/acestep-v15-turbo
ln -s ../lm stored/acestep-5Hz-lm-0.6B
# song FOLDER NAME OPTION… : NAME/song.latents.safetensors
song() {
  run 0 --checkpoint_dir "$1" -m acestep-v15-turbo --threads 1 -p x -d 10 --seed 3 --dtype bf16 --quiet \
    -O "$2" --name_template song --save_latents "${@:3}"
}
both=(--quantization int8_weight_only --lm_quantization int8_weight_only)
song toy while "${both[@]}"
song stored asked "${both[@]}"
same while/song.latents.safetensors asked/song.latents.safetensors
song stored unasked --json
equal "$(json_value out "it['extra_outputs']['quantization']['dit']['layers'] > 0")" true "it is told"
same while/song.latents.safetensors unasked/song.latents.safetensors
song toy w8a8 --quantization w8a8_dynamic --no-thinking
song stored w8a8-stored --quantization w8a8_dynamic --no-thinking
same w8a8/song.latents.safetensors w8a8-stored/song.latents.safetensors

# --- reports
run 0 quantize acestep-v15-turbo --checkpoint_dir toy --report --quiet
has out "decoder.layers.0.mlp.up_proj.weight"
has out "all: relative error 0.0"
has out " become "
run 0 quantize acestep-v15-turbo --checkpoint_dir toy --report --json --quiet
equal "$(json_value out "[it['path'], len(it['report']) == it['weights'], 0 < it['relative_error'] < 0.02]")" \
  '[null, true, true]' "the report"
equal "$(find . -maxdepth 1 -name '*int8*' | wc -l)" 0 "nothing written by a report"

# --- refusals
run 2 quantize acestep-v15-turbo --checkpoint_dir toy --quiet
has err "--out DIR is missing"
run 2 quantize acestep-v15-turbo --checkpoint_dir toy -o never --type fp8
run 3 quantize vae --checkpoint_dir toy -o never
has err "no weights to quantise"
run 3 quantize ./dit -o never
has err "in INT8 already"
run 3 quantize no-such-model --checkpoint_dir toy -o never
run 6 quantize acestep-v15-turbo --checkpoint_dir toy -o lm
run 6 quantize acestep-v15-turbo --checkpoint_dir toy -o toy --force
has err "holds no model"
run 0 quantize acestep-v15-turbo --checkpoint_dir toy -o lm --force --quiet
run 0 models info ./lm --json
equal "$(json_value out "it['family']")" '"turbo"' "the replaced folder"
equal "$(find . -maxdepth 1 \( -name never -o -name '*part*' \) | wc -l)" 0 "folders left behind"

finish
