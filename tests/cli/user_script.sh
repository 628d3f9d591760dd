#!/bin/bash
# Three takes of a song, one kept, and proof that it can be made again: a script as a user writes it.
# Usage: user_script.sh BINARY
set -euo pipefail
PATH=$(dirname "$1"):$PATH
cd "$(mktemp -d)" && trap 'rm -rf "$PWD"' EXIT
export HOME=$PWD XDG_CACHE_HOME=$PWD ACESTEP_CHECKPOINT_DIR=tiny ACESTEP_THREADS=1
value() { python3 -c "import json, sys; it = json.load(sys.stdin); print($1)"; }

printf 'caption = "slow blues, brushed drums"\nlyrics = "words.txt"\nduration = 10\n' >song.toml
printf '[Verse]\nRain again\n' >words.txt
acestep config check --strict_config song.toml

acestep generate -c song.toml --quiet --json --batch_size 3 --seed 7 --save_dir takes >result.json
[ "$(value 'len(it["audios"])' <result.json)" = 3 ]
kept=$(value 'next(audio["path"] for audio in it["audios"] if audio["seed"] == 8)' <result.json)

acestep inspect "$kept" --request | acestep generate -c - --quiet --output again.flac
cmp "$kept" again.flac
acestep config convert song.toml | acestep generate -c - --quiet --seed 7 --audio_format wav -o - | cat >song.wav
[ "$(head -c 4 song.wav)" = RIFF ]

code=0
echo '{"caption": "too fast", "bpm": 999}' | acestep generate -c - --json >error.json 2>/dev/null || code=$?
[ "$code" = 2 ] && value 'it["error"]' <error.json | grep -q '30 … 300'
echo "kept $kept"
