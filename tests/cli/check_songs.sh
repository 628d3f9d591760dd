#!/bin/bash
# Renders songs with the real binary: formats, companions, names, and what is repeatable.
# Usage: check_songs.sh BINARY SOURCE_DIR AUDIO_FACTS
set -u
. "$(dirname "$0")/checks.sh"
# What a random model leaves open ends only by chance: the caption and the language stay as asked.
quick=(--checkpoint_dir tiny --threads 1 --dtype fp32 --progress none --no-use_cot_caption --no-use_cot_language)
silent=(--no-thinking --no-use_cot_metas)

# facts FILE EXPECTED: Hz, channels, frames
facts() { equal "$("$audio_facts" "$1" | cut -d' ' -f1-3)" "$2" "what $1 holds"; }

# --- ten real requests
rendered=0
for file in $(ls "$source_dir"/tests/data/examples/text2music/*.json | head -10); do
  run 0 "${quick[@]}" -c "$file" -d 10 --seed 5 -O songs
  equal "$(wc -l <out)" 1 "number of lines on standard output"
  facts "$(cat out)" "48000 2 480000"
  sidecar="$(sed 's/flac$/json/' out)"
  equal "$(json_value "$sidecar" "it['request']['duration']")" 10.0 "the sidecar's duration"
  rendered=$((rendered + 1))
done
equal $rendered 10 "number of rendered requests"

# --- everything left open: the tiny model ends its captions and codes, so this takes seconds
run 0 --checkpoint_dir tiny --threads 1 --progress none -p x --seed 6 -O open

# --- formats, companions, names
for format in wav wav24 wav32; do
  run 0 "${quick[@]}" "${silent[@]}" -p x -d 10 --seed 5 --audio_format $format -o $format.wav --no-sidecar
  facts $format.wav "48000 2 480000"
  [ ! -e $format.json ] || fail "--no-sidecar wrote one"
done
for pair in wav:16 wav24:24; do
  bits=$(python3 -c 'import wave, sys; print(8 * wave.open(sys.argv[1]).getsampwidth())' ${pair%:*}.wav 2>&1)
  [ ${pair%:*} = wav24 ] && bits=$(od -An -tu2 -j34 -N2 wav24.wav | tr -d ' ')
  equal "$bits" ${pair#*:} "bits of ${pair%:*}.wav"
done
run 0 "${quick[@]}" -p x -d 10 --seed 5 -O all --name_template 'take-{seed}-{index}' --save_latents --save_codes
equal "$(ls all | tr '\n' ' ')" \
  "take-5-1.codes.txt take-5-1.flac take-5-1.json take-5-1.latents.safetensors " "files of a song"
equal "$(grep -o '<|audio_code_[0-9]*|>' all/take-5-1.codes.txt | wc -l)" 50 "number of codes"
run 0 "${quick[@]}" -p x -d 10 --seed 5 -O all --name_template 'take-{seed}-{index}'
has out "all/take-5-1-2.flac"
cp all/take-5-1.flac before.flac
run 6 "${quick[@]}" -p y -d 10 -o all/take-5-1.flac
has err "exists already"
is_empty out
same before.flac all/take-5-1.flac
run 0 "${quick[@]}" "${silent[@]}" -p y -d 10 -o all/take-5-1.flac --force
differs before.flac all/take-5-1.flac
run 0 "${quick[@]}" "${silent[@]}" -p x -d 10 --seed 5 -o ending.wav
equal "$(head -c4 ending.wav)" RIFF "start of ending.wav"
run 2 "${quick[@]}" -p x -d 10 -o ending.wav --audio_format flac --force
run 2 "${quick[@]}" -p x -d 10 -o other.m4a
run 2 "${quick[@]}" -p x -d 10 -b 2 -o one.flac
run 0 "${quick[@]}" -p x -d 10 --seed 5 --json --save_codes --print_prompts -q -o told.flac
is_empty err
equal "$(json_value out "[it['success'], it['error'], len(it['audios']), it['audios'][0]['samples'],
  it['audios'][0]['path'], it['extra_outputs']['peak_vram_gb']]")" \
  '[true, null, 1, 480000, "told.flac", null]' "the result"
equal "$(json_value out "it['audios'][0]['sha256']")" "\"$(sha256sum told.flac | cut -d' ' -f1)\"" "sha256"
equal "$(json_value out "len(it['extra_outputs']['prompts']['lm'])")" 2 "number of passes with prompts"
run 0 "${quick[@]}" "${silent[@]}" -p "rain song" -l "drip" -d 10 --print_prompts -o prompts.flac
has err "# Caption"
has err "drip"
equal "$(cat out)" prompts.flac "standard output beside prompts"

# --- repeatable: seeds, batches, sidecars
run 0 "${quick[@]}" -p x -d 10 --seed 7 -o first.flac --save_codes
run 0 "${quick[@]}" -p x -d 10 --seed 7 -o second.flac
same first.flac second.flac
run 0 "${quick[@]}" -c first.json -o again.flac --save_codes
same first.flac again.flac
same first.codes.txt again.codes.txt
run 0 "${quick[@]}" -p x -d 10 --seed 7 -b 3 -o 'batch-{seed}.flac'
equal "$(wc -l <out)" 3 "number of lines on standard output"
same first.flac batch-7.flac
for seed in 8 9; do
  run 0 "${quick[@]}" -p x -d 10 --seed $seed -o single-$seed.flac
  same single-$seed.flac batch-$seed.flac
done
run 0 "${quick[@]}" -c batch-9.json -o from-batch.flac
same single-9.flac from-batch.flac
run 0 "${quick[@]}" -p x -d 10 --seed 7 --lm_seed 99 -o other-codes.flac --save_codes
differs first.codes.txt other-codes.codes.txt
run 0 "${quick[@]}" -p x -d 10 --seed 8 --lm_seed 7 -o same-codes.flac --save_codes
same first.codes.txt same-codes.codes.txt
other_sound first.flac same-codes.flac
run 0 "${quick[@]}" -p x -d 10 --lm_seed 7 -o drawn.flac
run 0 "${quick[@]}" -c drawn.json -o drawn-again.flac
same drawn.flac drawn-again.flac
# Another number of threads sums in another order: the same song, not the same bytes.
run 0 "${quick[@]}" "${silent[@]}" -p x -d 10 --seed 7 -o one-thread.flac
run 0 "${quick[@]}" "${silent[@]}" -p x -d 10 --seed 7 --threads 2 -o two-threads.flac
snr=$("$audio_facts" two-threads.flac one-thread.flac)
equal "$(python3 -c "print(float('$snr') >= 60)")" True "60 dB between one and two threads ($snr dB)"

finish
