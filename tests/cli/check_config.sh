#!/bin/bash
# acestep config show, check, convert, init; dialects, .env files and precedence through the binary.
# Usage: check_config.sh BINARY SOURCE_DIR
set -u
. "$(dirname "$0")/checks.sh"
examples=$source_dir/tests/data/examples
nowhere="--checkpoint_dir $work/nowhere"

# terminal EXPECTED_EXIT_CODE ANSWER… -- ARGUMENTS…: what was shown in shown
terminal() {
  local expected=$1 answers=()
  shift
  while [ "$1" != -- ]; do answers+=("$1") && shift; done
  shift
  python3 "$source_dir/tests/cli/in_terminal.py" shown "${answers[@]}" -- "$acestep" "$@" 2>err
  expect_code $? "$expected" "$*"
}

# setting NAME VALUE SOURCE: of config show --json in out
setting() {
  equal "$(json_value out "it['settings']['$1']['value']")" "$2" "value of $1"
  equal "$(json_value out "it['settings']['$1']['source']")" "\"$3\"" "source of $1"
}

# absent FILE…
absent() {
  local file
  for file in "$@"; do
    checks=$((checks + 1))
    [ ! -e "$file" ] || fail "$file exists"
  done
}

# --- show: every value with its source, without models
run 0 config show $nowhere
has out 'bpm is left open  # default'
has out 'inference_steps = 8  # preset:turbo'
is_empty err
run 0 config show --changed
is_empty out
run 2 config show --bpm fast
has err "bpm = 'fast' (cli)"
run 2 config show stray
has err "unexpected argument 'stray'"
mkdir -p config/acestep
printf 'bpm = 50\nshift = 2.5\nlm_top_k = 5\nduration = 20.0\n' >config/acestep/config.toml
printf 'bpm = 60\nduration = 30.0\nlm_top_p = 0.5\n' >a.toml
printf '{"bpm": 61, "lm_top_p": 0.6}' >b.json
printf '# mine\nexport ACESTEP_BPM=62\nACESTEP_DURATION="40"\nACESTEP_SAVE_MEMORY=1\n' >mine.env
ACESTEP_BPM=63 run 0 config show --json $nowhere -c a.toml -c b.json --env-file mine.env --shift 4
setting shift 4.0 cli
setting bpm 63 env:ACESTEP_BPM
setting duration 40.0 'env:ACESTEP_DURATION in mine.env line 3'
setting lm_top_p 0.6 file:b.json
setting lm_top_k 5 "file:$work/config/acestep/config.toml"
setting inference_steps 8 preset:turbo
setting config_path '"acestep-v15-turbo"' auto
setting keyscale '""' default
has out ACESTEP_SAVE_MEMORY
run 0 config show --changed -c a.toml -p 'a "b"'
has out 'caption = "a \"b\""  # cli'
lacks out inference_steps
sed 's/  # .*//' out >again.toml
run 0 config check again.toml
rm -r config

# --- .env files
mkdir deep
cp a.toml deep/a.toml
printf 'ACESTEP_BPM=70\nACESTEP_LM_TOP_K=7\n' >deep/.env
run 0 config show --json -c deep/a.toml
setting bpm 70 'env:ACESTEP_BPM in deep/.env line 1'
run 0 config show --json -c deep/a.toml --env_file mine.env
setting bpm 62 'env:ACESTEP_BPM in mine.env line 2'
setting lm_top_k 7 'env:ACESTEP_LM_TOP_K in deep/.env line 2'
pipe 'ACESTEP_BPM=71' 0 config show --json --env_file -
setting bpm 71 'env:ACESTEP_BPM in standard input line 1'
run 0 -n --json -p x $nowhere --env_file mine.env
request bpm 62
printf 'ACESTEP_BPM=62\nACESTEP_SHIFT\n' >bad.env
run 2 config show --env_file bad.env
has err "bad.env line 2: expected = after 'ACESTEP_SHIFT'"
printf 'ACESTEP_BPM=fast\n' >bad.env
run 2 config show --env_file bad.env
has err "bpm = 'fast' (env:ACESTEP_BPM in bad.env line 1): expected a whole number"
printf 'ACESTEP_BPMS=62\n' >bad.env
run 0 config show --env_file bad.env
has err "bad.env line 1: unknown variable 'ACESTEP_BPMS', did you mean 'ACESTEP_BPM'?"
run 2 config show --env_file bad.env --strict_config
run 4 config show --env_file nothing.env
has err nothing.env
ACESTEP_INIT_LLM=false ACESTEP_DISABLE_TQDM=1 run 0 config show --json
setting lm_model_path '"none"' env:ACESTEP_INIT_LLM
setting progress '"none"' env:ACESTEP_DISABLE_TQDM
ACESTEP_INIT_LLM=auto ACESTEP_TMPDIR=x ACESTEP_LM_DEVICE=cpu run 0 config show --changed
has out 'ACESTEP_TMPDIR is set'
has out 'ACESTEP_LM_DEVICE is set'
lacks out ACESTEP_INIT_LLM
ACESTEP_INIT_LLM=maybe run 0 config show
has err "ACESTEP_INIT_LLM = 'maybe' has no effect"

# --- check: every dialect, all problems at once
run 0 config check "$examples"/*/*.json
has out 'full.json: acestep.cpp, 12 keys, ok'
has out 'example_02.json: simple mode, 3 keys, ok'
lacks out problem
lacks out 'unknown key'
printf 'caption = "x"\nbpm = 301\n\nkeyscale = "H"\n[generate]\nshift = "wide"\nbmp = 3\n' >bad.toml
run 2 config check bad.toml a.toml
has out 'bad.toml line 6: shift = '\''wide'\'': expected a number'
has out 'bad.toml line 2: bpm = '\''301'\'''
has out 'bad.toml line 4: keyscale'
has out "did you mean 'bpm'?"
has out 'a.toml: TOML, 3 keys, ok'
printf '{\n "caption": "x",\n\n "bpm": 301, "shift": [1],\n "bmp": 1}' >bad.json
run 2 config check bad.json
has out "bad.json line 4: bpm = '301'"
has out "bad.json line 4: shift = '[1]': expected a number"
has out "bad.json line 5: unknown key 'bmp'"
printf '{"bmp": 90}' >typo.json
run 0 config check typo.json
run 2 config check --strict_config typo.json
printf '{"caption": "x", "solver": "sde", "use_lora": false}' >two.json
run 2 config check two.json
has out "key 'solver' belongs to the dialect 'acestep.cpp', key 'use_lora' to 'reference sidecar'"
run 4 config check a.toml missing.json two.json
has out 'missing.json: 1 problem'
has out two.json
pipe '{"caption": "x"}' 0 config check -
has out '-: flat JSON, 1 key, ok'
run 2 config check --json bad.toml two.json a.toml
equal "$(json_value out "[file['exit_code'] for file in it['files']], it['exit_code']")" '[[2, 2, 0], 2]' codes
equal "$(json_value out "len(it['files'][0]['problems'])")" 3 'number of problems'
run 2 config check -q two.json
is_empty out
run 2 config check
has err 'FILE is missing'

# the manual's examples, each of its own dialect
python3 - "$source_dir/docs/REQUESTS.md" <<'PY'
import re, sys
for number, block in enumerate(re.findall(r"```json\n(.*?)```", open(sys.argv[1]).read(), re.S)):
    open(f"manual{number}.json", "w").write(block)
PY
run 0 config check manual?.json
for dialect in 'flat JSON' 'reference sidecar' acestep.cpp 'simple mode'; do has out "$dialect"; done

# --- convert: our names, the same values through both formats
cat >hard.json <<'JSON'
{"caption": "a \"quoted\" 'text' \\ with # [signs] = and \u0001\u001f\u007f\u0085",
 "lyrics": "[Verse]\nlà 漢字 👩‍🎤 ♭\r\n\ttab\n\n\n", "think": true, "language": "fr", "bpm": 96,
 "duration": 64, "keyscale": "E♭ minor", "timesignature": "3", "seeds": [1, 4294967295],
 "timesteps": [0.97, 0.615, 0.1], "shift": 3, "lm_temperature": 0.85}
JSON
python3 -c 'print("lyrics = \"" + "\\n".join("line %d é" % i for i in range(5000)) + "\"")' >long.toml
for file in hard.json long.toml "$examples"/acestep.cpp/{full,request0}.json \
  "$examples"/simple_mode/example_02.json "$examples"/text2music/example_1*.json; do
  run 0 config convert -q "$file" -o one.json --force
  run 0 config convert one.json -o two.toml --force
  run 0 config convert two.toml -o three.json --force
  same one.json three.json
done
run 0 config convert hard.json
equal "$(json_value out "all(it[k] == v for k, v in json.load(open('hard.json')).items() if k not in ('think', 'language'))")" \
  true 'every value of hard.json as it was'
equal "$(json_value out "it['thinking'], it['vocal_language'], len(it)")" '[true, "fr", 12]' 'our names'
run 0 config convert hard.json --to toml
has out 'keyscale = "E♭ minor"'
run 0 config convert "$examples/acestep.cpp/simple-batch.json"
equal "$(json_value out "it['batch_size'], it['config_path']")" '[2, "acestep-v15-turbo"]' 'acestep.cpp names'
has err 'GGUF files are not read'
printf 'la la' >words.txt
printf 'caption = "x"\nlyrics = "words.txt"\nbpm = "N/A"\n' >words.toml
run 0 config convert words.toml
equal "$(json_value out "it['lyrics'], it['bpm']")" '["la la", "auto"]' 'words of a file'
printf '{"lyrics": "words.txt"}' >name.json
run 2 config convert name.json --to toml
has err 'would be read as the name of a file'
printf '{"prompt": "x", "seed": 7, "use_lora": false, "audio_format": "wma", "thinking": true, "audio_codes": "5,6"}' >sidecar.json
for file in sidecar.json words.toml hard.json "$examples"/acestep.cpp/{full,partial-sft,request0}.json; do
  run 0 -n --json $nowhere -c "$file"
  json_value out "it['request']" >asked
  run 0 config convert -q "$file"
  pipe "$(cat out)" 0 -n --json $nowhere -c -
  equal "$(json_value out "it['request']")" "$(cat asked)" "the request of $file, converted"
done
run 2 config convert bad.toml
has err "shift = 'wide'"
run 2 config convert a.toml --to yaml
has err 'allowed: json, toml'
run 6 config convert a.toml -o hard.json
has err 'hard.json'
run 0 config convert typo.json
has err 'unknown key'
run 2 config convert --strict_config typo.json
run 4 config convert missing.json
printf '{"description": "a soft song", "instrumental": true}' >simple.json
run 0 config convert simple.json
equal "$(json_value out "it['sample_query']")" '"a soft song"' sample_query
run 0 -n --json -c simple.json $nowhere
request sample_query '"a soft song"'

# --- init: asks only a terminal, or takes the answers it is given
run 2 config init -o never.toml
has err 'standard input is no terminal'
run 0 config init --yes -o yes.toml
has out yes.toml
run 0 config check yes.toml
run 6 config init --yes -o yes.toml
has err 'exists already'
run 0 config init --yes --force -o yes.toml
pipe '' 2 config init --answers - -o never.toml
has err 'answer 1 is missing: Task'
pipe $'1\n\nsoft rain\n1\nfast\n' 2 config init --answers - -o never.toml
has err "answer 5: batch_size = 'fast' (answer): expected a whole number, 1 … 64"
pipe $'1\n\nsoft rain\n4\nla\\nli\nen\n2\nn\n' 0 config init --answers - -o -
has out 'lyrics = "la\nli"'
pipe "$(cat out)" 0 config convert - --to json
equal "$(json_value out it)" \
  '{"caption": "soft rain", "lyrics": "la\nli", "vocal_language": "en", "batch_size": 2}' 'answers'
absent never.toml

mkdir -p models/acestep-v15-turbo models/acestep-v15-sft models/acestep-5Hz-lm-1.7B models/other
terminal 0 1 acestep-v15-sft 1 n 'slow blues' 3 nothing.txt 3 words.txt '' 3 y \
  n 45.5 400 90 H Am 5 4/4 '' 77 50 5 n 0.1 0.9 '' ode '' y 0.9 '' '' '' '' y y n y y \
  songs mp3 n 1,2,3 n '' n -- config init --checkpoint_dir models -o full.toml
has shown "bpm = '400' (answer): allowed: 30 … 300"
has shown "keyscale = 'H' (answer): allowed: A-G"
has shown "timesignature = '5' (answer): allowed: 2, 3, 4, 6"
has shown "'nothing.txt': a .txt file that exists is expected"
has shown '  2  acestep-v15-turbo'
lacks shown '  3  other'
run 0 config convert full.toml
equal "$(json_value out "[it[k] for k in 'config_path lm_model_path lyrics duration bpm keyscale timesignature seed inference_steps guidance_scale cfg_interval_start audio_format seeds'.split()]")" \
  '["acestep-v15-sft", "acestep-5Hz-lm-1.7B", "la la", 45.5, 90, "Am", "4/4", 77, 50, 5.0, 0.1, "mp3", [1, 2, 3]]' \
  'answers of the whole wizard'
terminal 0 '' n '' '' '' n short -- config init
has shown short.toml
terminal 0 2 source.wav n '' 2 1 '' n yes.toml another -- config init
has another.toml 'src_audio = "source.wav"'
has shown 'yes.toml: exists already'
run 0 config check short.toml another.toml
terminal 130 1 n x ^C -- config init -o never.toml
terminal 130 1 n x ^D -- config init -o never.toml
has shown 'stopped before the last question'
absent never.toml .never.toml*

finish
