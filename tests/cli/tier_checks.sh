# What the scripts about tiers share, beside checks.sh: a card of a size, and the answer in out.
unset MAX_CUDA_VRAM

# card GB ARGUMENTS… : what acestep gpu answers for a card of that size
card() {
  local size=$1
  shift
  MAX_CUDA_VRAM=$size run 0 gpu --json "$@"
}

# plan GB ARGUMENTS… : everything that is decided for a song on such a card, and nothing done
plan() {
  local size=$1
  shift
  MAX_CUDA_VRAM=$size run 0 generate --caption x --duration 30 --dry-run --json "$@"
}

# answers PYTHON_EXPRESSION… : about the object d in out; s(name) is a setting's value, adjusted the
# changes as (field, from, to), other the object d of an answer kept with `keep NAME`
answers() {
  checks=$((checks + $#))
  python3 - "$@" <<'PY' || fail "$(head -c 300 out | tr '\n' ' ')"
import json, os, sys
d = json.load(open("out"))
other = json.load(open("kept")) if os.path.exists("kept") else {}
s = lambda name: d["settings"][name]["value"]
source = lambda name: d["settings"][name]["source"]
tier = d.get("tier")
adjusted = [(a["field"], a["from"], a["to"]) for a in d.get("adjustments", [])]
failed = [text for text in sys.argv[1:] if not eval(text)]
for text in failed: print("  not so:", text)
sys.exit(len(failed) > 0)
PY
}
keep() { cp out kept; }
