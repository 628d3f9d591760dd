#!/bin/bash
# Help: complete, readable, the same as docs/CLI.md; spelling mistakes are answered with the right word.
# Usage: check_help.sh BINARY SOURCE_DIR
set -u
. "$(dirname "$0")/checks.sh"

# --- every command and option of --help-all stands in docs/CLI.md and the other way round
run 0 --help-all
mv out all
cat >options.py <<'E2'
import re, sys

def options(text):
    return set(re.findall(r"--(?:\[no-\])?([a-z0-9_]+)", text))

def of_help(text):
    found = {}
    for part in re.split(r"\n-{100}\n", text)[1:]:
        name = re.match(r"acestep (?:\[generate\]|((?:[a-z-]+ ?)+))", part).group(1) or "generate"
        rows = [row for row in part.splitlines() if re.match(r"  (-\w, )?--", row)]
        also = re.findall(r"^ +also (.*)$", part, re.M)
        found[name.strip()] = options(" ".join([re.split(r"  +", row[2:])[0] for row in rows] + also))
    return found

def of_docs(text):
    found = {}
    for part in text.split("\n## acestep ")[1:]:
        part = part.split("\n## ")[0]
        rows = [re.split(r"(?<!\\)\|", row) for row in part.splitlines() if row.startswith("| `-")]
        found[part.splitlines()[0]] = options(" ".join(row[1] + row[5] for row in rows))
    return found

shown, written = of_help(open(sys.argv[1]).read()), of_docs(open(sys.argv[2]).read())
assert len(shown) > 10 and len(shown["generate"]) > 80, shown
for command in sorted(set(shown) | set(written)):
    difference = shown.get(command, set()) ^ written.get(command, set())
    if command not in shown or command not in written or difference:
        print(command, sorted(difference))
E2
python3 options.py all "$source_dir/docs/CLI.md" >difference 2>&1
is_empty difference # else tools/generate_cli_docs
run 0 help-markdown
same "$source_dir/docs/CLI.md" out

# --- every exit code is explained
sed -n '/^enum class ErrorCode/,/^};/s/.* = \([0-9]*\),.*/\1/p' "$source_dir/src/util/error.h" >codes
equal "$(($(wc -l <codes) >= 11))" 1 "at least 11 exit codes"
while read -r code; do
  equal "$(sed -n '/^Exit codes/,$p' all | grep -c "^  $code  *[a-z]")" 1 "explanations of exit code $code"
done <codes

# --- every command: one help behind three spellings, an example, lines that fit
run 0 --help
sed -n '/^Commands/,/^$/p' out | sed -n 's/^  \([a-z]\+\( [a-z-]\+\)\?\) .*/\1/p' >commands
equal "$(($(wc -l <commands) >= 15))" 1 "at least 15 commands in the overview"
while read -r command; do
  run 0 help $command
  mv out help
  run 0 $command --help
  same help out
  run 0 $command -h
  same help out
  has out "acestep"
  has out "Example"
  has out "--log_level"
  equal "$(awk 'length($0) > 110' out)" "" "long lines in $command --help"
done <commands
equal "$(awk 'length($0) > 110' all)" "" "long lines in --help-all"

# --- overview, and the actions of a word
run 0 help
has out "Usage: acestep"
has out "models download"
lacks out "help-markdown"
run 0 help models
mv out help
run 0 models --help
same help out
has out "plan-download"
lacks out "--lyrics"
run 0 help models download
has out "acestep models download"
run 0 models download --help_all
has out "ACESTEP_CHECKPOINTS_DIR"
has out "Exit codes"

# --- did you mean
mean() { # MEANT ARGUMENTS…
  local meant=$1
  shift
  run 2 "$@"
  has err "did you mean '$meant'?"
  is_empty out
}
mean generate genrate -p x
mean models modles list
mean completion help completoin
mean generate genrate --help
mean download models dowload
mean convert config covnert x
mean --caption generate --captoin x
mean --no-thinking --no-thinkin -p x
mean --hash models verify --hahs
mean --log_level version --log_levle DEBUG
mean bf16 -n -p x --dtype bf61
mean flac -n -p x --audio_format falc
mean euler -n -p x --sampler_mode eulr
mean WARNING version --log_level WARNIN
mean fp16 models convert x --dtype fp61
mean zsh completion zhs
printf '{"caption": "x", "audio_format": "ogv"}' >wrong.json
mean ogg -n -c wrong.json
run 2 -n -p x --dtype zzzzzzzz
lacks err "did you mean"
has err "allowed: auto, fp32, bf16, fp16"
run 2 models list --caption x
has err "option --caption is not one of 'acestep models list'"

finish
