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
for size in x 0; do
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

# --- rows 90, 92: batches, on chosen sizes
run 0 tier-test --dry-run --json --tier-batch-boundary 8
is "[r['batch_size'] for r in it['tiers'][0]['runs']] == [1, 1, 2, 4, 8, 1, 2, 4, 8]"

# --- row 94: modes; the services' own are in check_services.sh
run 2 bench everything

# --- what is wrong is told before anything runs
run 3 tier-test 4
has err "models are missing"
echo '{}' >list.json
run 0 models make-tiny toy
run 4 tier-test 4 --checkpoint_dir toy --compare list.json
has err "--benchmark-output"
nothing_in "$TMPDIR"

# --- songs: the tiny models on the simulated card
rm -r toy/acestep-5Hz-lm-*
tiny=(--checkpoint_dir toy --threads 1 --tier-duration 10 --steps 1)
fields="['batch_size', 'dit_time', 'duration', 'error', 'gen_success', 'init_success', 'lm_backend', 'lm_model', 'lm_time', 'offload', 'offload_dit', 'peak_vram_gb', 'quantization', 'test_variant', 'tier', 'tier_gb', 'use_lm', 'vae_time', 'wall_time']"

# rows 77, 84, 86, 87, 88: records, boundaries with their note, a chart
run 0 tier-test 4 20 "${tiny[@]}" --tier-boundary --benchmark-output before.json --plot memory.svg
has out "Capability                            Min Tier    VRAM"
has out "No INT8 Quantization                  tier1       4GB"
has out "No CPU Offload (all models on GPU)    tier6b      20GB"
has out "attention kernel"
has err "4GB default: passed"
cp before.json out
is "[(r['tier'], r['test_variant']) for r in it] == [('tier1', 'default'), ('tier1', 'no-quant'), ('tier6b', 'default')]"
is "all(sorted(r) == $fields for r in it if r['gen_success'])"
is "all(r['peak_vram_gb'] > 0 for r in it if r['gen_success'])"
has memory.svg "diffusion: "
python3 -c 'import sys, xml.dom.minidom as dom; dom.parse(sys.argv[1])' memory.svg || fail "memory.svg is no XML"

# its caps as much smaller as models of the published proportions are
run 0 models make-tiny proportioned --proportioned
run 0 tier-test 4 --checkpoint_dir proportioned --threads 1 --tier-duration 10 --steps 1 --sim_scale auto --json
is "it['records'][0]['peak_vram_gb'] <= it['records'][0]['cap_gb'] < 0.1"
is "it['records'][0]['offload_dit'] and it['records'][0]['quantization'] == 'int8_weight_only'"

# row 89: the same again, and against a test that took less
run 0 tier-test 20 "${tiny[@]}" --compare before.json --json
is "it['comparison']['regressions'] == [] and it['exit_code'] == 0"
is "max(s['peak_gb'] for s in it['records'][0]['stages']) > 0"
python3 - <<'PY'
import json
records = json.load(open("before.json"))
for record in records:
    record["peak_vram_gb"] = (record["peak_vram_gb"] or 0) * 0.8
json.dump(records, open("smaller.json", "w"))
PY
run 8 tier-test 20 "${tiny[@]}" --compare smaller.json
has out "regression: 20GB default: peak"

# rows 90, 93, 91: batches, and a language model that is missing
run 0 tier-test 6 "${tiny[@]}" --tier-batch-boundary --json
is "[r['test_variant'] for r in it['records']][:2] == ['default', 'batch-noLM-1']"
is "it['batch_limits'][0]['without_lm']['configured'] == 1 and it['batch_limits'][0]['without_lm']['tested'] >= 1"
run 0 tier-test 8 "${tiny[@]}" --tier-with-lm
has err "LM not available: acestep-5Hz-lm-0.6B is not installed"
nothing_in "$TMPDIR"

# row 77: a tier's own settings that fail; the log stays and is named
run 8 tier-test 4 --checkpoint_dir toy --threads 1 --tier-duration 10 --steps 1 --sim_scale 1e-6 --json
is "it['exit_code'] == 8 and not it['records'][0]['gen_success'] and 'OOM: ' in it['records'][0]['error']"
log=$(json_value out "it['records'][0]['log']" | tr -d '"')
has "$log" "does not fit"
equal "$(find "$TMPDIR" -type f)" "$log" "what is left behind"
rm -rf "${TMPDIR:?}"/*

# a stop ends the run, too, and leaves nothing
"$acestep" tier-test 8 "${tiny[@]}" --tier-duration 600 >out 2>err </dev/null &
tester=$!
for _ in $(seq 200); do
  child=$(pgrep -P $tester) && break
  sleep 0.05
done
kill -INT $tester
wait $tester
expect_code $? 130 "tier-test stopped by INT"
equal "$(ps -p "${child:-0}" -o pid= | wc -l)" 0 "children that still run"
nothing_in "$TMPDIR"

# --- row 94: where the time of a song goes
bench=(--checkpoint_dir toy --threads 1 --durations 10 --steps 1)
run 0 bench profile "${bench[@]}" --no-warmup --detailed --benchmark-output bench.json
has out "diffusion"
has out "- audio codes"
has out "times as fast as it plays"
run 0 bench "${bench[@]}" --no-warmup --json --device sim
is "it['duration'] == 10 and it['peak_vram_gb'] > 0 and {s['stage'] for s in it['stages']} >= {'diffusion', 'VAE decode', 'text encoder'}"
run 0 bench benchmark "${bench[@]}" --batches 1,2 --think off --no-warmup --json
is "[(r['batch_size'], r['success']) for r in it['records']] == [(1, True), (2, True)]"
run 2 bench benchmark --steps 1,x
nothing_in "$TMPDIR"

finish
