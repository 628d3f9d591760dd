#!/bin/bash
# Stops the real binary at every stage and checks exit code, speed and that nothing half-written stays.
# Usage: check_signals.sh BINARY
set -u
. "$(dirname "$0")/checks.sh"
quick=(--checkpoint_dir tiny --threads 1 -p x --seed 3 --progress json --save_dir songs
  --no-use_cot_caption --no-use_cot_language --dtype fp32)
silent=(--no-thinking --no-use_cot_metas)

# stop_at SIGNAL EXPECTED_EXIT_CODE EVENT ARGUMENTS… : sends SIGNAL once EVENT was told
stop_at() {
  local signal=$1 expected=$2 event=$3
  shift 3
  rm -rf songs
  : >events
  "$acestep" "${quick[@]}" "$@" >out 2>events </dev/null &
  local process=$! begin
  for _ in $(seq 600); do
    grep -qF "$event" events && break
    sleep 0.05
  done
  checks=$((checks + 1))
  grep -qF "$event" events || fail "the event $event never came"
  begin=$(date +%s%N)
  kill -"$signal" $process
  wait $process
  expect_code $? "$expected" "stopped by $signal at $event"
  local took=$((($(date +%s%N) - begin) / 1000000))
  checks=$((checks + 1))
  [ $took -lt 2000 ] || fail "$signal at $event took $took ms"
  has events "\"exit_code\":$expected"
  nothing_in songs
  is_empty out
}

"$acestep" -n --checkpoint_dir tiny -p x >out 2>err # makes the model
compose='"stage":"compose","step":40'
denoise='"stage":"denoise","step":2'
decode='"stage":"decode","step":1'
for pair in INT:130 TERM:143; do
  stop_at ${pair%:*} ${pair#*:} "$compose" -d 100
  stop_at ${pair%:*} ${pair#*:} "$denoise" "${silent[@]}" -d 120 --inference_steps 20
  stop_at ${pair%:*} ${pair#*:} "$decode" "${silent[@]}" -d 40
  stop_at ${pair%:*} ${pair#*:} '"name":"master"' "${silent[@]}" -d 40
  stop_at ${pair%:*} ${pair#*:} '"name":"write"' "${silent[@]}" -d 40
done

# --- a second signal does not wait for the step's end; what is whole of several songs stays
rm -rf songs
"$acestep" "${quick[@]}" "${silent[@]}" -d 40 -b 2 >out 2>events </dev/null &
process=$!
for _ in $(seq 600); do
  grep -qF "$decode" events && break
  sleep 0.05
done
kill -INT $process
kill -INT $process
wait $process
expect_code $? 130 "stopped twice"
nothing_in songs

finish
