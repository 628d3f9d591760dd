#!/bin/bash
# What becomes of a song behind the models: loudness, true peak, the trimmed end, the picture, and
# previews while it is made.
# Usage: check_sound.sh BINARY SOURCE_DIR AUDIO_FACTS
set -u
. "$(dirname "$0")/checks.sh"
song=(--checkpoint_dir tiny --threads 1 --dtype fp32 --progress none --no-thinking --no-use_cot_metas --no-use_cot_caption
  --no-use_cot_language -p rain -d 10 --seed 5 --audio_format wav32)
quick=("${song[@]}" --no-sidecar)
result() { equal "$(json_value out "$1")" "$2" "$1"; }

# --- loudness: of the file, as another command measures it
run 0 "${quick[@]}" --json -o plain.wav
result "it['audios'][0]['lufs'] < -1" true
result "it['audios'][0]['true_peak_db']" null
run 0 "${song[@]}" --json --loudness -30 -o quiet.wav
result "round(it['audios'][0]['lufs'], 1)" -30.0
result "it['audios'][0]['true_peak_db'] >= it['audios'][0]['peak_db'] - 0.01" true
result "it['extra_outputs']['adjustments']" '[]'
run 0 inspect quiet.wav --json
result "round(it['audio']['lufs'], 1)" -30.0
run 0 inspect quiet.wav
has out "-30.0 LUFS"
run 0 "${quick[@]}" --json --loudness -30 --fade_out_duration 8 -o fading.wav
result "round(it['audios'][0]['lufs'], 1)" -30.0
run 0 generate --verify quiet.wav --checkpoint_dir tiny --threads 1
has out "same"

# --- what the true peak does not allow is told, and refused by --strict
run 0 "${quick[@]}" --progress plain --json --loudness -5 --true_peak -6 -o held.wav
result "round(it['audios'][0]['true_peak_db'], 2)" -6.0
result "it['audios'][0]['lufs'] < -5.1" true
result "[(a['field'], a['from']) for a in it['extra_outputs']['adjustments']]" '[["loudness", "-5.0 LUFS"]]'
has err "true peak above -6.0 dB"
run 0 "${quick[@]}" --progress plain -b 2 --loudness -5 --true_peak -6 --save_dir two
has err "song 2: more volume"
run 7 "${quick[@]}" --strict --loudness -5 --true_peak -6 -o refused.wav
has err "cannot have the loudness asked for"
nothing_in refused.wav
run 0 "${quick[@]}" --strict --loudness -30 -o strict.wav
run 0 "${quick[@]}" --json --true_peak -8 -o peak.wav
result "round(it['audios'][0]['true_peak_db'], 2)" -8.0
run 2 -n "${quick[@]}" --loudness 3
has err "allowed: -40 … -5"
run 2 -n "${quick[@]}" --loudness loud
run 2 -n "${quick[@]}" --true_peak 1
has err "allowed: -20 … 0"

# --- the end: noise has none, so that nothing goes
run 0 "${quick[@]}" --json --auto_trim -o trim.wav
result "it['extra_outputs']['adjustments']" '[]'
same_sound plain.wav trim.wav
run 2 -n "${quick[@]}" --auto_trim=perhaps

# --- a picture beside the song
run 0 "${quick[@]}" --plot -o picture.wav
same picture.wav plain.wav
has picture.svg "<title>rain</title>"
python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' picture.svg
expect_code $? 0 "the picture is XML"
run 0 "${quick[@]}" -b 2 --plot --save_dir pictures --name_template 'p{index}'
equal "$(cd pictures && echo *.svg)" "p1.svg p2.svg" "a picture for each song"
run 6 "${quick[@]}" --plot -o picture.wav
has err "exists already"
run 2 "${quick[@]}" --plot -o -
has err "save_latents, save_codes, plot, preview and lrc out"

# --- previews: after steps 2, 4 and 6 of 8, and the song stays what it is
run 0 "${quick[@]}" --preview 3 -o heard.wav
same heard.wav plain.wav
for step in 2 4 6; do has err "preview after step $step: heard.preview.wav"; done
lacks err "after step 8"
equal "$("$audio_facts" heard.preview.wav)" "48000 2 144000 0.891" "rate, channels, frames and peak of the preview"
cp heard.preview.wav third.wav
run 0 "${quick[@]}" --preview 3 --preview_steps 7 -o heard.wav --force
same heard.wav plain.wav
equal "$(grep -c 'preview after step' err)" 1 "one preview in 7 steps"
other_sound heard.preview.wav third.wav
run 0 "${quick[@]}" -b 2 --preview 3 --preview_steps 4 --save_dir two --name_template 'q{index}'
equal "$(cd two && echo q*.preview.wav)" "q1.preview.wav q2.preview.wav" "a preview of each song"
run 0 "${quick[@]}" --device sim --max_vram 24 --preview 3 -o card.wav
run 0 "${quick[@]}" --device sim --max_vram 24 -o without.wav
same card.wav without.wav
run 2 -n "${quick[@]}" --preview 0
has err "allowed: 1 … 600"
run 2 -n "${quick[@]}" --preview_steps 2
has err "it needs --preview"
run 2 "${quick[@]}" --preview 3 -o -
run 2 -n "${quick[@]}" --preview 3 --preview_steps 0
finish
