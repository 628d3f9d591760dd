# What the scripts of this folder share: a clean folder, the program, checks that count.
# Sourced with the script's own arguments: BINARY SOURCE_DIR AUDIO_FACTS.
acestep=$1
source_dir=${2:-}
audio_facts=${3:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export HOME=$work XDG_CONFIG_HOME=$work/config XDG_CACHE_HOME=$work/cache
unset "${!ACESTEP_@}"
checks=0
failures=0

fail() {
  failures=$((failures + 1))
  echo "FAILED: $1"
}

# run EXPECTED_EXIT_CODE ARGUMENTS… : output in out and err
run() {
  local expected=$1
  shift
  "$acestep" "$@" >out 2>err </dev/null
  expect_code $? "$expected" "$*"
}

# pipe TEXT EXPECTED_EXIT_CODE ARGUMENTS…
pipe() {
  local text=$1 expected=$2
  shift 2
  printf '%s' "$text" | "$acestep" "$@" >out 2>err
  expect_code $? "$expected" "$*"
}

expect_code() {
  checks=$((checks + 1))
  if [ "$1" != "$2" ]; then
    fail "acestep $3: exit code $1, expected $2"
    [ -s err ] && sed 's/^/  stderr: /' err
  fi
}

# has FILE TEXT
has() {
  checks=$((checks + 1))
  if ! grep -qF -- "$2" "$1"; then
    fail "$1 lacks: $2"
    head -30 "$1" | cut -c1-300 | sed 's/^/  /'
  fi
}

# lacks FILE TEXT
lacks() {
  checks=$((checks + 1))
  ! grep -qF -- "$2" "$1" || fail "$1 holds: $2"
}

is_empty() {
  checks=$((checks + 1))
  if [ -s "$1" ]; then
    fail "$1 should be empty:"
    head -5 "$1"
  fi
}

# nothing_in FOLDER: no file, not even a hidden one, and the folder may be absent
nothing_in() {
  checks=$((checks + 1))
  [ -z "$(find "$1" -type f 2>/dev/null)" ] || fail "left behind: $(find "$1" -type f)"
}

# same FILE FILE: byte for byte
same() {
  checks=$((checks + 1))
  cmp "$1" "$2" || fail "$1 and $2 differ"
}

# differs FILE FILE
differs() {
  checks=$((checks + 1))
  ! cmp -s "$1" "$2" || fail "$1 and $2 are the same"
}

# same_sound SONG SONG, other_sound SONG SONG: whatever record the files hold, which tells all options
same_sound() { equal "$("$audio_facts" "$1" "$2" 2>&1)" inf "dB between $1 and $2"; }
other_sound() {
  local snr
  snr=$("$audio_facts" "$1" "$2" 2>&1)
  checks=$((checks + 1))
  [[ $snr =~ ^-?[0-9.]+$ ]] || fail "$1 and $2 are the same, or not to be compared: $snr"
}

# equal FOUND EXPECTED WHAT
equal() {
  checks=$((checks + 1))
  [ "$1" = "$2" ] || fail "$3 is '$1', expected '$2'"
}

# json_value FILE EXPRESSION: a Python expression on the object `it`
json_value() {
  python3 -c 'import json, sys
it = json.load(open(sys.argv[1]))
print(json.dumps(eval(sys.argv[2]), ensure_ascii=False))' "$1" "$2" 2>&1 | tail -1
}

# request FIELD JSON: what stands under "request" of the dry run in out
request() { equal "$(json_value out "it['request']['$1']")" "$2" "request.$1"; }

# json KEY: out holds one JSON object with this key and nothing else
json() { equal "$(json_value out "'$1' in it")" true "'$1' in the JSON on standard output"; }

finish() {
  echo "$checks checks, $failures failed"
  [ "$failures" -eq 0 ]
  exit
}
