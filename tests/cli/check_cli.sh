#!/bin/bash
# Runs the real binary and checks exit codes, what goes to which stream, and what a request becomes.
# Usage: check_cli.sh BINARY SOURCE_DIR
set -u
. "$(dirname "$0")/checks.sh"

dry="-n --json --checkpoint_dir $work/nowhere"

# --- help, version, commands
run 0
has out "Usage: acestep"
run 0 --help
has out "generate"
run 0 generate --help-all
has out "ACESTEP_CHECKPOINTS_DIR"
run 0 version
run 0 --version
run 0 version --json
json libtorch
run 2 genrate -p x
has err "did you mean 'generate'?"
run 2 models
run 2 models make-tony x
run 2 models make-tiny
run 0 --seed 3 models make-tiny "$work/toy-a"
run 0 models --seed=3 make-tiny "$work/toy-b" --json -q
json path
is_empty err
same toy-a/vae/diffusion_pytorch_model.safetensors toy-b/vae/diffusion_pytorch_model.safetensors
rm -r toy-a toy-b
run 0 generate
has out "acestep [generate] [TASK] [options]"
run 0 help models make-tiny
has out "acestep models make-tiny DIR"
for command in generate "models make-tiny" version; do
  run 0 $command --help
  has out "Example"
  equal "$(awk 'length($0) > 110' out | wc -l)" 0 "number of very long lines in $command --help"
done
run 0 models --help
lacks out "--lyrics"

# --- 2: options and values
run 2 --bmp 90
has err "did you mean '--bpm'?"
is_empty out
run 2 -p x --inference-stepps 8
has err "did you mean '--inference-steps'?"
run 2 -p x --bpm
has err "bpm"
run 2 -p x stray
has err "stray"
run 2 -p x --src_audio x.wav
has err "text2music has no source"
run 2 -p x --bpm 301
has err "bpm = '301' (cli): allowed: 30 … 300"
run 2 -p x --thinking=maybe
has err "true or false"
run 2 $dry
has err "caption and lyrics are both empty"
run 2 $dry -p x --task_type repaint
has err "repaint works on a source"
run 2 -p x --bpm 301 --json
json error
run 2 $dry -p $'\xff'
has err "not valid UTF-8"
run 2 $dry -p x --seeds 1,2,3 --batch_size 2 --strict
has err "--strict allows no adjustment"

# --- both spellings, aliases, switches
run 0 $dry --caption x --inference_steps 4 --use_cot_metas=false --no-thinking
request inference_steps 4
request use_cot_metas false
request thinking false
run 0 $dry --caption=x --inference-steps=4 --no-use-cot-metas --no-use_cot_caption --language ja
request inference_steps 4
request use_cot_metas false
request use_cot_caption false
request vocal_language '"ja"'
run 0 generate -nq --json -px -b2 -d 12.5 --seed -1 --checkpoint_dir nowhere
request batch_size 2
request duration 12.5
is_empty err
run 0 $dry generate -p x --bpm 90 --bpm 100
request bpm 100
run 0 $dry -p x -l "[Instrumental]"
request lyrics '"[Instrumental]"'
run 0 $dry -p x -l "[a, b]"
request lyrics '"[a, b]"'
run 0 $dry -p x --normalization_db -3
request normalization_db -3.0

# --- texts and request files
printf 'la\nla' >song.txt
run 0 $dry -p x -l @song.txt
request lyrics '"la\nla"'
run 0 $dry -p x -l song.txt
request lyrics '"la\nla"'
pipe 'la li' 0 $dry -p x -l -
request lyrics '"la li"'
pipe '{"caption": "from a pipe", "bpm": 77}' 0 $dry -c - --bpm 78
request caption '"from a pipe"'
request bpm 78
pipe '{}' 2 $dry -c - -l -
has err "standard input"
printf 'caption = "caf\\u00e9"\nbpm = 80\nseeds = [ 1, 2, 3,]\nbackend = "vllm"\nguidance_scale = 7.0\n' >a.toml
printf '{"bpm": 81}' >b.json
run 0 $dry -c a.toml -c b.json
request caption '"café"'
request bpm 81
request seeds '[1, 2, 3]'
request batch_size 3
has out '"bpm": "file:b.json"'
ACESTEP_BPM=82 run 0 $dry -c a.toml
request bpm 82
has out '"bpm": "env:ACESTEP_BPM"'
mkdir -p config/acestep
printf 'bpm = 50\nshift = 2.5\n' >config/acestep/config.toml
run 0 $dry -c a.toml
request bpm 80
request shift 2.5
rm -r config
printf 'caption = "x"\ndurration = 30\n' >unknown.toml
run 0 $dry -c unknown.toml
has err "unknown.toml line 2: unknown key 'durration', did you mean 'duration'?"
run 2 $dry -c unknown.toml --strict-config
run 2 $dry -c song.txt
has err "song.txt line"
printf '{"caption": "x", "caption": "y"}' >twice.json
run 2 $dry -c twice.json
has err "given twice"
printf '{"caption": "x", "task_type": "cover"}' >cover.json
run 2 $dry -c cover.json
has err "cover works on a source"
for file in "$source_dir"/tests/data/examples/text2music/*.json "$source_dir"/configs/requests/*.json; do
  run 0 $dry -c "$file"
  json request
done
run 0 $dry -p x -c "$source_dir/configs/generate.toml"
printf '{"params": {"caption": "x", "duration": 5.2}, "config": {"seeds": [9], "batch_size": 1},
  "model": "acestep-v15-turbo", "lm_model": null, "global_torch_seed": 4}' >golden.json
run 0 $dry -c golden.json --compat reference
request duration 5.2
request global_seed 4
request lm_model_path '"none"'

# --- dry run: models are named, exit code 3 only under --strict
run 0 $dry -p x
has out '"exit_code": 3'
has out '"present": false'
run 3 $dry -p x --strict
run 0 -n -p x --checkpoint_dir nowhere
equal "$(($(wc -l <out) <= 20))" 1 "at most 20 lines in a dry run"

# --- prompts need neither models nor tokenizers
run 0 $dry -p "rain song" -l "drip drop" --print_prompts
equal "$(json_value out "['rain song' in it['prompts']['text_encoder'][0],
  'drip drop' in it['prompts']['text_encoder'][1], 'rain song' in it['prompts']['lm'][0]['prompt']]")" \
  "[true, true, true]" "prompts of the dry run"
run 0 $dry -p x --print_prompts --lm_model_path none
equal "$(json_value out "it['prompts']['lm']")" "[]" "prompts without a language model"
run 0 -n -p "rain song" --print_prompts --checkpoint_dir nowhere
has out "--- text encoder: prompt"
has out "--- language model: prompt"
run 0 $dry -p x
lacks out '"prompts"'
printf '{"caption": "a summer pop song", "ref_latents": "own.safetensors"}' >later.json
run 2 $dry -c later.json
has err "not supported yet"

# --- 3: models; 4: input files; 6: output
run 3 -p x --checkpoint_dir nowhere
has err "nowhere"
run 3 -p x --checkpoint_dir nowhere --json
json error
run 6 -p x --checkpoint_dir nowhere --output /proc/nowhere/song.flac
has err "/proc/nowhere"
run 4 $dry -c missing.json
has err "missing.json"
run 4 $dry -p x -l @missing.txt
run 4 $dry -c "$work"
"$acestep" version >/dev/full 2>err
expect_code $? 6 "version >/dev/full"

run 0 help-markdown
same "$source_dir/docs/CLI.md" out # tools/generate_cli_docs writes it

finish
