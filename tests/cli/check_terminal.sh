#!/bin/bash
# Log lines: their level, place, format and colour; progress without escape codes.
# Usage: check_terminal.sh BINARY SOURCE_DIR
set -u
. "$(dirname "$0")/checks.sh"
in_terminal=$source_dir/tests/cli/in_terminal.py
escape=$'\x1b'

# Every line of the file is one JSON object; those with a message have a time and a level too.
all_json() {
  equal "$(python3 -c 'import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
print(len(lines) > 0 and all(set(line) == {"time", "level", "message"}
                             for line in lines if "message" in line))' "$1" 2>&1 | tail -1)" \
    True "$1 as JSON lines"
}

# --- log_file: lines are added at its end, the failure too, also of commands without models
run 0 version --log_file run.log -v
has err "debug: acestep"
run 3 models info nothing-like-it --log_file run.log
equal "$(grep -c '^20..-..-..T..:..:..\....Z [a-z]*: ' run.log)" 2 "dated lines in the log file"
has run.log "critical: no model is called 'nothing-like-it'"
run 6 version --log_file nowhere/run.log
has err "log_file: the folder 'nowhere' does not exist"
run 6 version --log_file "$work"
run 6 -n -p x --checkpoint_dir nowhere --log_file nowhere/run.log
ACESTEP_LOG_FILE=env.log run 0 version --verbose
has env.log "debug: acestep"

# --- request files say it too
printf '{"caption": "x", "nonsense": 1, "log_file": "request.log", "quiet": true}' >quiet.json
run 0 -n -c quiet.json --checkpoint_dir nowhere
is_empty err
has request.log "unknown key 'nonsense'"

# --- quiet, verbose, log_level
printf '{"caption": "x", "nonsense": 1}' >loud.json
run 0 -n -c loud.json --checkpoint_dir nowhere
has err "unknown key 'nonsense'"
lacks err "debug:"
run 0 -n -c loud.json --checkpoint_dir nowhere -q --verbose --log_file both.log
is_empty err
has both.log "debug: acestep"
has both.log "warning: loud.json"
run 0 -n -c loud.json --checkpoint_dir nowhere --log_level ERROR
is_empty err
run 0 -n -c loud.json --checkpoint_dir nowhere --log_level ERROR --verbose
has err "debug:"
has err "warning:"
run 3 models info nothing-like-it -q --log_level CRITICAL
has err "acestep: error: no model"

# --- log_format json: each line of standard error is an object, progress included
run 0 -c loud.json -d 10 --threads 1 --checkpoint_dir tiny --lm_model_path none -o song.wav \
  --log_format json --log_file json.log -v
all_json err
has err '"event":"stage"'
all_json json.log
run 2 version --log_format json --bpm 3
run 3 models info nothing-like-it --log_format json
all_json err

# --- colour
run 3 models info nothing-like-it --color always
has err "$escape"
NO_COLOR=1 run 3 models info nothing-like-it --color always
has err "$escape"
run 3 models info nothing-like-it
lacks err "$escape"
terminal() {
  local expected=$1
  shift
  TERM=xterm-256color python3 "$in_terminal" transcript -- "$acestep" "$@"
  expect_code $? "$expected" "$* in a terminal"
}
terminal 3 models info nothing-like-it
has transcript "$escape"
NO_COLOR=1 terminal 3 models info nothing-like-it
lacks transcript "$escape"
NO_COLOR='' terminal 3 models info nothing-like-it
has transcript "$escape"
terminal 3 models info nothing-like-it --color never
lacks transcript "$escape"
terminal 3 models info nothing-like-it --log_format json
lacks transcript "$escape"

# --- progress: a bar on a terminal, no escape codes anywhere
song="-p x -d 10 --threads 1 --checkpoint_dir tiny --lm_model_path none --force -o song.wav"
terminal 0 $song --color never
has transcript "[###"
lacks transcript "$escape"
run 0 $song --progress bar
has err "[###"
lacks err "$escape"
run 0 $song
lacks err "[###"
lacks err "$escape"

finish
