#!/bin/bash
# acestep doctor and acestep selftest: what is told about a healthy and about a broken installation.
# Usage: check_doctor.sh BINARY SOURCE_DIR AUDIO_FACTS
set -u
. "$(dirname "$0")/checks.sh"
export LC_ALL=C.UTF-8

# --- doctor: nothing installed
run 3 doctor
is_empty err
has out "problem  models           the folder checkpoints does not exist"
has out "acestep models download"
has out "ok       configuration"
has out "ok       processor"
has out "libsndfile-"
has out "model folder     checkpoints, "
nothing_in output

# --- everything there
run 0 doctor --checkpoint_dir tiny
lacks out problem
for words in "acestep-v15-turbo" "acestep-5Hz-lm-0.6B" "Qwen3-Embedding-0.6B" "audio decoder" "memory" "GB free" \
  "locale UTF-8"; do
  has out "$words"
done
run 0 doctor --checkpoint_dir tiny --quiet
run 0 doctor --checkpoint_dir tiny --json
equal "$(json_value out "[it['success'], it['exit_code'], len(it['findings']) >= 10,
  sorted(set(f['level'] for f in it['findings']) - {'warning'})]")" '[true, 0, true, ["ok"]]' "healthy findings"

# --- what is broken is named with what generate would end with
run 2 doctor --checkpoint_dir tiny --device cuda:77
run 0 models make-tiny broken
find broken/acestep-v15-turbo -name '*.safetensors' -exec truncate -s 1000 {} \;
run 3 doctor --checkpoint_dir broken --json
equal "$(json_value out "[f['subject'] for f in it['findings'] if f['level'] == 'problem']")" '["diffusion model"]' \
  "broken parts"
touch taken
run 6 doctor --checkpoint_dir tiny --save_dir taken
has out "taken is no folder"
LC_ALL=C run 0 doctor --checkpoint_dir tiny
has out "warning  terminal"
mkdir -p "$XDG_CONFIG_HOME/acestep"
echo 'caption = "x' >"$XDG_CONFIG_HOME/acestep/config.toml"
run 2 doctor --checkpoint_dir tiny
has out "problem  configuration"
has out "config.toml"
has out "ok       audio decoder"
rm "$XDG_CONFIG_HOME/acestep/config.toml"

# --- selftest: all of it is run by a test of its own (cli.selftest); here its faces
run 0 selftest layers
equal "$(($(grep -c '^ok ' out) >= 10))" 1 "checks of layers"
has out " 0 failed"
is_empty err
run 0 selftest bytes --quiet
is_empty out
run 0 selftest sampling --json
equal "$(json_value out "[it['success'], it['failed'], len(it['checks']) >= 8, it['checks'][0]['passed'],
  it['checks'][0]['problem'], it['checks'][0]['findings'] > 0]")" '[true, 0, true, true, null, true]' "selftest --json"
# --- what is wrong is noticed
for check in layers.attention sampling.random_numbers bytes.sha256; do
  run 1 selftest "${check%%.*}" --falsify $check
  has out "FAILED  $check"
  has out "expected"
  has out " 1 failed"
done
run 1 selftest layers --falsify layers.snake --json
equal "$(json_value out "[it['success'], it['failed'], [c['name'] for c in it['checks'] if not c['passed']]]")" \
  '[false, 1, ["layers.snake"]]' "a falsified check in JSON"
run 1 selftest layers --falsify layers.snake --quiet
equal "$(wc -l <out)" 2 "lines of a quiet failure"
run 2 selftest nothing
run 2 selftest layers --falsify layers.snak
has err "did you mean 'layers.snake'?"
finish
