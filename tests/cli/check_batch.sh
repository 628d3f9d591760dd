#!/bin/bash
# Many songs from lists of requests: order, failures, shards, stops, kills and resuming.
# Usage: check_batch.sh BINARY SOURCE_DIR AUDIO_FACTS
set -u
. "$(dirname "$0")/checks.sh"

# No thinking: a song takes a quarter of a second.
plain="--checkpoint_dir tiny --threads 1 --dtype fp32 --no-thinking -d 10 --no-use_cot_metas --no-use_cot_caption --no-use_cot_language"
list() { # COUNT: a list of that many requests
  for i in $(seq "$1"); do printf '{"caption": "song %d", "seed": %d}\n' "$i" "$i"; done
}
songs_in() { find "$1" -name '*.flac' 2>/dev/null | wc -l; }

# --- lists of every kind, one line a song
list 2 >two.jsonl
echo '[{"caption": "a", "seed": 1}, {"caption": "b", "seed": 2, "batch_size": 2}]' >three.json
printf 'caption = "c"\nseed = 9\n' >one.toml
run 0 batch two.jsonl three.json one.toml $plain --save_dir kinds
equal "$(wc -l <out)" 6 "paths on standard output"
equal "$(songs_in kinds)" 6 "songs"
has err "songs: 6 written, 0 already there; requests: 0 failed"
while read -r path; do [ -s "$path" ] || fail "$path is missing"; done <out
run 0 batch two.jsonl $plain --save_dir json --json -q
equal "$(head -1 out | json_value /dev/stdin "it['success'], it['song'], it['request'], it['seed']")" \
  '[true, 1, "two.jsonl line 1", 1]' "first result line"
equal "$(json_value json/batch.ledger.jsonl 1 2>&1 | grep -c Extra)" 1 "lines in the ledger"

# --- a song of a batch is the song alone
run 0 generate -p "song 2" --seed 2 $plain -o alone.flac
same alone.flac "$(ls json/*song-2*.flac)"

# --- resume: what is done is passed over, in any number of runs; without it all is made again
run 0 batch two.jsonl $plain --save_dir json --resume --json
has err "songs: 0 written, 2 already there"
equal "$(head -1 out | json_value /dev/stdin "it['already_there']")" true "already_there"
list 4 >four.jsonl
run 0 batch four.jsonl $plain --save_dir json --resume
has err "songs: 2 written, 2 already there"
rm json/*song-1*.flac
run 0 batch four.jsonl $plain --save_dir json --resume
has err "songs: 1 written, 3 already there"
run 0 batch two.jsonl $plain --save_dir json
equal "$(songs_in json)" 6 "songs after a run without --resume"
# Equal requests are different songs of the list.
printf '{"caption": "x"}\n{"caption": "x"}\n' >equal.jsonl
run 0 batch equal.jsonl $plain --save_dir equal
run 0 batch equal.jsonl $plain --save_dir equal --resume
has err "songs: 0 written, 2 already there"

# --- failures
printf '{"caption": "a", "seed": 1}\n{"caption": "b", "bpm": 999}\nnonsense\n{"caption": "c", "seed": 2}\n' >bad.jsonl
run 2 batch bad.jsonl $plain --save_dir bad
has err "2 requests are wrong"
has err "bad.jsonl line 2: bpm = '999'"
nothing_in bad
run 8 batch bad.jsonl $plain --save_dir bad --keep_going --json
equal "$(wc -l <out)" 4 "result lines"
equal "$(grep -c '"success":false' out)" 2 "failed lines"
equal "$(songs_in bad)" 2 "songs beside failures"
printf '{"caption": "a", "seed": 1, "output": "/proc/x.flac"}\n{"caption": "b", "seed": 1}\n' >full.jsonl
run 8 batch full.jsonl $plain --save_dir full
has err "stopped at the first failure"
equal "$(songs_in full)" 0 "songs after the first failure"
run 8 batch full.jsonl $plain --save_dir full --keep_going
equal "$(songs_in full)" 1 "songs with --keep_going"
run 2 batch
has err "FILE is missing"
run 4 batch missing.jsonl $plain
run 2 batch two.jsonl $plain -o -
has err "a batch writes files"
run 6 batch two.jsonl $plain --save_dir /proc/nowhere
run 8 batch two.jsonl -d 10 --checkpoint_dir nowhere --save_dir none
has err "acestep-v15-turbo"
run 2 batch two.jsonl $plain --shard 3/2
has err "K/N"
run 2 batch two.jsonl $plain --jobs_order fastest
printf '{"caption": "%s", "config_path": "acestep-v15-%s"}\n' a base b turbo c base >mixed.jsonl
order() { equal "$(grep -o "of '.'" out | tr -dc 'abc')" "$1" "order of the songs"; }
run 0 batch mixed.jsonl $plain -n
order acb
run 0 batch mixed.jsonl $plain -n --jobs_order given
order abc
run 0 batch two.jsonl $plain -n --save_dir dry
has out "two.jsonl line 2: 1 of 'song 2'"
nothing_in dry

# --- a stream is answered line by line
mkfifo requests answers
"$acestep" batch - $plain --save_dir stream --json -q <requests >answers 2>err &
exec 3>requests 4<answers
for i in 1 2; do
  echo "{\"caption\": \"live $i\", \"seed\": $i}" >&3
  IFS= read -r -t 60 answer <&4 || answer=none
  equal "$(json_value /dev/stdin "it['seed']" <<<"$answer")" "$i" "seed of answer $i"
done
echo "nonsense" >&3
exec 3>&-
IFS= read -r -t 60 answer <&4
equal "$(json_value /dev/stdin "it['exit_code']" <<<"$answer")" 2 "exit code in the answer to nonsense"
exec 4<&-
wait $!
expect_code $? 8 "batch -"

# --- shards cover the list once
list 5 >five.jsonl
for shard in 1 2; do run 0 batch five.jsonl $plain --save_dir shards --shard $shard/2; done
equal "$(songs_in shards)" 5 "songs of two shards"
SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_MIN=6 SLURM_ARRAY_TASK_COUNT=2 \
  "$acestep" batch five.jsonl $plain --save_dir slurm --shard auto >out 2>err
expect_code $? 0 "batch --shard auto"
equal "$(songs_in slurm)" 2 "songs of Slurm's second task"
has err "shard 2 of 2 (SLURM_ARRAY_TASK_ID)"

# --- SIGTERM: 75, and the rest later
list 8 >eight.jsonl
"$acestep" batch eight.jsonl $plain --save_dir stop >out 2>err &
pid=$!
for _ in $(seq 200); do [ "$(songs_in stop)" -ge 2 ] && break; sleep 0.05; done
kill -TERM $pid
wait $pid
expect_code $? 75 "batch, stopped"
has err "the same command with --resume goes on"
equal "$(find stop -name '.*part-*' | wc -l)" 0 "part files"
run 0 batch eight.jsonl $plain --save_dir stop --resume
equal "$(songs_in stop)" 8 "songs after the stop"

# --- SIGKILL at any moment: every song exactly once, as if nothing had happened
run 0 batch eight.jsonl $plain --save_dir whole
RANDOM=4
for round in $(seq 12); do
  "$acestep" batch eight.jsonl $plain --save_dir killed --resume >/dev/null 2>&1 &
  pid=$!
  sleep "$(printf '%d.%02d' $((RANDOM % 2)) $((RANDOM % 100)))"
  kill -KILL $pid 2>/dev/null
  wait $pid 2>/dev/null
done
run 0 batch eight.jsonl $plain --save_dir killed --resume
equal "$(songs_in killed)" 8 "songs after twelve kills"
equal "$(find killed -name '*.json' | wc -l)" 8 "sidecars after twelve kills"
equal "$(find killed -name '.*' -type f | wc -l)" 0 "files left behind"
equal "$(sha256sum killed/*.flac | cut -d' ' -f1 | sort | sha256sum)" \
  "$(sha256sum whole/*.flac | cut -d' ' -f1 | sort | sha256sum)" "digests after twelve kills"

# --- many processes on one list, with shards or without
if command -v parallel >/dev/null; then
  parallel --will-cite -j 2 "$acestep" batch eight.jsonl $plain --save_dir parallel --shard {}/4 ::: 1 2 3 4 >out 2>err
  expect_code $? 0 "parallel shards"
  equal "$(songs_in parallel)" 8 "songs under GNU parallel"
  parallel --will-cite -n0 -j 3 "$acestep" batch eight.jsonl $plain --save_dir shared --resume ::: 1 2 3 >out 2>err
  expect_code $? 0 "parallel on one list"
  equal "$(songs_in shared)" 8 "songs of three processes on one list"
else
  echo "GNU parallel is not installed: skipped"
fi
finish
