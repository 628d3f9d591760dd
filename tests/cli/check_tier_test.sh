#!/bin/bash
# The tier test and the benchmarks as users run them: plans without models, songs with tiny ones.
# Usage: check_tier_test.sh BINARY SOURCE_DIR
set -u
. "$(dirname "$0")/checks.sh"
unset MAX_CUDA_VRAM
export TMPDIR=$work/tmp
mkdir "$TMPDIR"

# is PYTHON_EXPRESSION: about the object `it` in out
is() { equal "$(json_value out "$1")" true "$1"; }

# --- rows 70, 71, 75: every size, or those that are named
run 0 tier-test --dry-run --json
is "[t['tier_gb'] for t in it['tiers']] == [4, 6, 8, 12, 16, 20, 24, 48]"
run 0 tier-test --dry-run --json --tiers 6 8 16
is "[t['tier']['name'] for t in it['tiers']] == ['tier2', 'tier4', 'tier6a']"
run 0 tier-test --dry-run --json 7.6,80
is "[t['tier_gb'] for t in it['tiers']] == [7.6, 80]"
run 0 profile --mode tier-test --dry-run --json --tiers 6 8 16
is "len(it['tiers']) == 3"
for size in x 0 -4 nan; do
  run 2 tier-test --dry-run "--tiers=$size"
  has err "no size in GB"
done

# --- row 72, 78: without models it plans as if all were there
run 0 tier-test --dry-run --tier-with-lm
has out "acestep-5Hz-lm-1.7B"
has err "planned as if all were"
has out "4GB: LM is left out: tier1 has no language model"

# --- rows 73, 74: what is accepted, and the true defaults
run 0 tier-test --dry-run --tier-skip-compile
run 0 tier-test --help
for default in "(240)" "(8)" "(42)" "(4 6 8 12 16 20 24 48)"; do has out "$default"; done
run 0 bench --help
for default in "(30,60,120)" "(1,2)" "(8)"; do has out "$default"; done

# --- row 76: the tier's limit shortens, and is told
run 0 tier-test --dry-run --json --tier-duration 600 4 8
is "[t['runs'][0]['duration'] for t in it['tiers']] == [360, 600]"
run 0 tier-test --dry-run --tier-duration 600 4
has out "4GB: duration: 600"
run 2 tier-test --dry-run --tier-duration 700

# --- rows 79 to 85: variants, and what is left out
run 0 tier-test --dry-run --json --tier-boundary 4 8 20
is "[[r['test_variant'] for r in t['runs']] for t in it['tiers']] == [['default', 'no-quant'], ['default', 'no-quant', 'no-offload'], ['default']]"
is "[len(t['skipped']) for t in it['tiers']] == [1, 0, 2]"

# --- row 90: batches
run 0 tier-test --dry-run --json --tier-batch-boundary 8
is "[r['batch_size'] for r in it['tiers'][0]['runs']] == [1, 1, 2, 4, 8, 1, 2, 4, 8]"

# --- row 94: modes that come later
run 2 profile --mode understand
has err "not supported yet"
run 2 bench understand
run 2 bench everything

# --- what is wrong is told before anything runs
run 3 tier-test 4
has err "models are missing"
echo '{}' >list.json
run 0 models make-tiny toy
run 4 tier-test 4 --checkpoint_dir toy --compare list.json
has err "--benchmark-output"
nothing_in "$TMPDIR"

finish
