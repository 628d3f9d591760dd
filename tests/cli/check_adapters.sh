#!/bin/bash
# --lora and acestep adapters: every way to name adapters, songs with them, merged folders, records,
# and what is refused before a model is loaded. Their numbers are proved by unit tests.
# Usage: check_adapters.sh BINARY SOURCE_DIR AUDIO_FACTS
set -u
. "$(dirname "$0")/checks.sh"
models=$source_dir/tests/data/checkpoints/e2e
loras=$source_dir/tests/data/adapters
plain=(--no-thinking --no-use_cot_metas --no-use_cot_caption --no-use_cot_language)
here=(--checkpoint_dir "$models" --threads 1 --device cpu --dtype fp32 --progress none --quiet)
asked=("${here[@]}" -m acestep-v15-turbo "${plain[@]}" -p x -d 10 --seed 3 --inference_steps 2)
# song NAME OPTION… : NAME.wav
song() { run 0 "${asked[@]}" -o "$1.wav" "${@:2}"; }

# --- an adapter changes the song as much as its scale says
song base
song lora --lora "$loras/peft_lora"
other_sound base.wav lora.wav
song zero --lora "$loras/peft_lora:0"
same_sound base.wav zero.wav
song half --lora "$loras/peft_lora:0.5"
other_sound base.wav half.wav
other_sound lora.wav half.wav
song half-by-scale --lora "$loras/peft_lora" --lora_scale 0.5
same_sound half.wav half-by-scale.wav

# --- the formats of several programs, several adapters, every way to say so
song comfyui --lora "$loras/comfyui_lora.safetensors"
same_sound lora.wav comfyui.wav
song kohya --lora "$loras/kohya_lora.safetensors"
same_sound lora.wav kohya.wav
song dora --lora "$loras/peft_dora"
other_sound lora.wav dora.wav
song two --lora "$loras/peft_lora" --lora "$loras/lokr:0.5"
other_sound lora.wav two.wav
ACESTEP_LORA="peft_lora; lokr:0.5" song by-variable --adapter_dir "$loras"
same_sound two.wav by-variable.wav
printf '{"lora": ["peft_lora", "lokr:0.5"], "adapter_dir": "%s"}' "$loras" >list.json
song by-file -c list.json
same_sound two.wav by-file.wav
printf '{"lora_path": "%s/peft_lora", "lora_scale": 0.5}' "$loras" >reference.json
song by-reference -c reference.json
same_sound half.wav by-reference.wav
printf '{"adapter": "comfyui_lora", "adapter_scale": 0.5, "lyrics": "[Instrumental]"}' >peer.json
mkdir -p root
ln -s "$loras" root/adapters
run 0 "${asked[@]}" -c peer.json --project_root root -n --json
request lora '["comfyui_lora:0.5"]'

# --- the record tells the adapter and makes the song again
run 0 inspect lora.wav --json
equal "$(json_value out "[(a['name'], a['method'], a['scale'], len(a['digest'])) for a in it['record']['adapters']]")" \
  '[["peft_lora", "LoRA", 1.0, 16]]' "the record's adapters"
equal "$(json_value out "it['record']['request']['lora']")" '["peft_lora:1"]' "the record's request"
lacks lora.json "$loras"
run 0 inspect two.wav
has out "peft_lora"
run 0 inspect lora.wav --request
cp out repeated.json
run 0 "${here[@]}" -c repeated.json --adapter_dir "$loras" -o again.wav
same lora.wav again.wav
run 4 "${here[@]}" -c repeated.json -o never.wav
has err "there is no adapter 'peft_lora'"

# --- a merged folder makes the same song, also in INT8
mkdir merged int8
run 0 adapters merge acestep-v15-turbo --checkpoint_dir "$models" --lora "$loras/peft_lora" \
  --lora "$loras/lokr:0.5" -o merged/acestep-v15-turbo --quiet
equal "$(cat out)" merged/acestep-v15-turbo "the path printed"
for part in vae Qwen3-Embedding-0.6B acestep-5Hz-lm-0.6B; do ln -s "$models/$part" merged; done
song merged --checkpoint_dir merged
same_sound two.wav merged.wav
run 0 models verify ./merged/acestep-v15-turbo --hash
both=(--lora "$loras/peft_lora" --lora "$loras/lokr:0.5")
song while-loading --quantization int8_weight_only "${both[@]}"
song merged-first --quantization int8_weight_only --checkpoint_dir merged
same_sound while-loading.wav merged-first.wav
other_sound two.wav while-loading.wav
run 4 adapters merge acestep-v15-xl-turbo --checkpoint_dir "$models" --lora "$loras/peft_lora:0" -o never
has err "does not fit"

# --- streamed blocks of a card in host memory
song streamed --device sim --offload_to_cpu --offload_dit_to_cpu --stream_dit_blocks "${both[@]}"
same_sound two.wav streamed.wav

# --- a batch loads anew where adapters differ
cat >songs.jsonl <<END
{"caption": "x", "seed": 3}
{"caption": "x", "seed": 3, "lora": "$loras/peft_lora"}
{"caption": "x", "seed": 3, "lora": "$loras/peft_lora:0.5"}
{"caption": "x", "seed": 3, "lora": "$loras/nothing"}
END
run 8 batch songs.jsonl --keep_going "${here[@]}" -m acestep-v15-turbo "${plain[@]}" -d 10 --inference_steps 2 \
  --audio_format wav --save_dir batch --name_template '{index}-{uuid}'
has err "there is no adapter"
equal "$(find batch -name '*.wav' | wc -l)" 3 "songs of the batch"
for expected in base lora half; do
  found=0
  for made in batch/*.wav; do
    [ "$("$audio_facts" "$made" $expected.wav 2>&1)" = inf ] && found=$((found + 1))
  done
  equal "$found" 1 "songs of the batch that are $expected.wav"
done

# --- list and info
run 0 adapters list --adapter_dir "$loras" --json
equal "$(json_value out "sorted({a['method'] for a in it['adapters'] if not a['problem']})")" \
  '["DoRA", "LoKr", "LoKr with DoRA", "LoRA"]' "the methods listed"
run 0 adapters list --project_root root
has out "kohya_lora.safetensors"
run 0 adapters info "$loras/peft_patterns" --checkpoint_dir "$models" -m acestep-v15-turbo --json
equal "$(json_value out "[it['fits'], it['ranks'], it['method'], len(it['changes'])]")" \
  '[true, "2 … 4", "LoRA", 3]' "what an adapter is"
run 0 adapters info "$loras/peft_lora" --checkpoint_dir "$models" -m acestep-v15-xl-turbo
has out "does not fit"
run 0 adapters info "$loras/peft_lora" --checkpoint_dir nowhere
lacks out "fits"

# --- refusals, before anything is loaded
run 4 "${asked[@]}" -n --lora nowhere
has err "there is no adapter 'nowhere'"
run 4 "${asked[@]}" -n --lora kohya_lor --adapter_dir "$loras"
has err "Did you mean 'kohya_lora'?"
run 4 "${asked[@]}" -n --lora "$models/vae"
has err "is no part of a LoRA, DoRA or LoKr"
run 4 "${here[@]}" -m acestep-v15-xl-turbo "${plain[@]}" -p x -n --lora "$loras/peft_lora"
has err "changes 32 rows of 64, but 'decoder.layers.1.cross_attn.k_proj.weight' is ["
has err "--model"
cp -r "$loras/peft_lora" broken
sed -i 's/"r": 4/"r": 5/' broken/adapter_config.json
run 4 "${asked[@]}" -n --lora broken
has err "has the rank 4, but adapter_config.json says 5"
sed -i 's/"LORA"/"LOHA"/' broken/adapter_config.json
run 4 "${asked[@]}" -n --lora broken
has err "peft_type is 'LOHA'"
run 2 "${asked[@]}" -n --lora "$loras/peft_lora:nan"
has err "is no number"
run 2 "${asked[@]}" -n --lora_scale 0.5
has err "it needs --lora"
run 0 "${asked[@]}" -n --lora "$loras/peft_lora:3" --no-quiet
has err "seldom sound well"
run 0 quantize acestep-v15-turbo --checkpoint_dir "$models" -o int8/acestep-v15-turbo --quiet
for part in vae Qwen3-Embedding-0.6B; do ln -s "$models/$part" int8; done
run 4 "${asked[@]}" --checkpoint_dir int8 -n --lora "$loras/peft_lora"
has err "stored in INT8"
run 2 adapters merge acestep-v15-turbo --checkpoint_dir "$models" -o never
has err "--lora PATH is missing"
run 2 adapters merge acestep-v15-turbo --checkpoint_dir "$models" --lora "$loras/peft_lora"
has err "--out DIR is missing"
run 3 adapters merge vae --checkpoint_dir "$models" --lora "$loras/peft_lora" -o never
has err "is no diffusion transformer"
run 6 adapters merge acestep-v15-turbo --checkpoint_dir "$models" --lora "$loras/peft_lora" -o merged/acestep-v15-turbo
equal "$(find . -maxdepth 1 \( -name 'never*' -o -name '*part*' \) | wc -l)" 0 "things left behind"

finish
