#!/bin/bash
# acestep inspect: what made a song, and the same song again from its own record, byte for byte.
# Usage: check_inspect.sh BINARY SOURCE_DIR AUDIO_FACTS
set -u
. "$(dirname "$0")/checks.sh"
machine=(--checkpoint_dir tiny --threads 1 --progress none)
quick=("${machine[@]}" --dtype fp32 --no-use_cot_caption --no-use_cot_language)

# again SONG TARGET: makes TARGET from the record of SONG and nothing else
again() {
  run 0 inspect "$1" --request
  mv out request.json
  "$acestep" inspect "$1" --request 2>/dev/null | "$acestep" generate -c - "${machine[@]}" -o "$2" >out 2>err
  expect_code $? 0 "generate from the record of $1"
  same "$1" "$2"
}

# --- a song with everything the language model decides
run 0 "${quick[@]}" -p 'warm folk' -l $'[Verse]\nla la' -d 10 --seed 5 -o a.flac
run 0 inspect a.flac
is_empty err
for words in "a.flac, FLAC, 16 bit, 48000 Hz, stereo, 10.00 s, peak -1.0" "a.json, written for exactly" \
  "complete" "'warm folk'" "2 lines, '[Verse]'" "song [5], language model 5" "50 audio codes" \
  "steps 8" "shift 3.0" "acestep"; do
  has out "$words"
done
equal "$(($(wc -l <out) <= 20))" 1 "about 15 lines"
again a.flac again.flac
mv a.json elsewhere.json
run 0 inspect a.flac
has out "in the song, complete"
again a.flac embedded.flac
run 0 inspect elsewhere.json
has out "not found beside elsewhere.json"
run 0 inspect elsewhere.json --request
same out request.json

# --- scripts
run 0 inspect a.flac --json
equal "$(json_value out "[it['audio']['samples'], it['record_from'], it['left_out'], it['tags']['title'],
  it['record']['request']['seeds'], len(it['record']['audio_codes'])]")" \
  '[480000, "embedded", [], "warm folk", [5], 50]' "what --json tells"
# every field that decides the song is named, so that no default can change it
equal "$(json_value request.json "all(k in it for k in ('config_path', 'lm_model_path', 'dtype', 'rng',
  'compat', 'inference_steps', 'shift', 'lm_temperature', 'audio_format', 'seeds', 'duration'))")" true \
  "fields of the request"
lacks request.json checkpoint_dir
lacks request.json save_dir

# --- defaults of other kinds: without a language model, other formats, a second song of a run
run 0 "${quick[@]}" --lm none -p x -d 10 --seed 6 -o none.flac --no-sidecar
again none.flac none2.flac
for format in wav wav32 mp3 opus ogg; do
  printf '{"caption": "x", "audio_format": "%s"}' $format >$format.json
  ending=${format%32}
  run 0 "${quick[@]}" --no-thinking --no-use_cot_metas -c $format.json -d 10 --seed 7 --no-sidecar -o f-$format.$ending
  again f-$format.$ending g-$format.$ending
done
run 0 "${quick[@]}" -p x -d 10 -b 3 --seed 40 -O many --name_template 'm{index}' --no-sidecar
for index in 1 2 3; do again many/m$index.flac alone$index.flac; done

# --- other models and samplers; a batch whose songs have retake seeds of their own
silent=(--no-thinking --no-use_cot_metas)
run 0 "${quick[@]}" "${silent[@]}" -p x -d 10 --seed 3 -m acestep-v15-base --inference_steps 3 --guidance_scale 5 \
  --audio_format mp3 --mp3_bitrate 320k --mp3_sample_rate 44100 -o base.mp3 --no-sidecar
equal "$("$audio_facts" base.mp3 | cut -d' ' -f1)" 44100 "rate of base.mp3"
again base.mp3 base2.mp3
run 0 "${quick[@]}" "${silent[@]}" -p x -d 10 --seeds 3,4 --timesteps 1,0.7,0.3 --infer_method sde \
  --retake_variance 0.3 --retake_seed 7,8 -O retake --name_template 'r{index}' --no-sidecar
for index in 1 2; do again retake/r$index.flac retake$index.flac; done

# --- as the reference: the song is one of its batch
run 0 "${quick[@]}" --compat reference --global_seed 9 -p x -d 10 -b 2 --seeds 3,4 -O ref \
  --name_template 'r{index}' --no-sidecar
run 0 inspect ref/r2.flac --request
has err "makes all 2 of them"
mv out ref.json
run 0 "${machine[@]}" -c ref.json -O ref2 --name_template 'r{index}'
same ref/r1.flac ref2/r1.flac
same ref/r2.flac ref2/r2.flac

# --- generate --verify: the same again, or another song and why
verify() { # EXPECTED_EXIT_CODE FILE OPTIONS…
  run "$1" "${machine[@]}" --verify "${@:2}"
}
verify 0 again.flac # of a record in the song; its sidecar says the same
has out "again.flac: the same, byte for byte"
equal "$(wc -l <out)" 1 "lines about the same song"
cp embedded.flac alone.flac
verify 0 alone.flac
has out "alone.flac: the same, byte for byte"
verify 0 base.mp3
verify 0 ref/r2.flac # made again with its whole batch
verify 0 again.flac --json
equal "$(json_value out "[it['success'], it['same_file'], it['same_sound'], it['differences']]")" \
  '[true, true, true, []]' "the verdict on the same song"
verify 7 again.flac --bpm 77 --inference_steps 3
has out "again.flac: another song, "
has out "dB apart"
has out "request.bpm: open -> 77"
has out "request.inference_steps: 8 -> 3"
verify 7 again.flac --duration 11
has out "of another length"
verify 7 again.flac --lm_seed 99 --json
equal "$(json_value out "[it['exit_code'], it['same_sound'], any(d.startswith('audio_codes: 50 and 50') for d in it['differences'])]")" \
  '[7, false, true]' "the verdict on another song"
run 0 models make-tiny retrained --seed 2
verify 7 again.flac --checkpoint_dir retrained
has out "weights.dit: "
verify 7 again.json --quantization int8_weight_only
has out "request.quantization: 'none' -> 'int8_weight_only'"
verify 3 again.flac --checkpoint_dir nowhere
verify 4 absent.flac
verify 4 elsewhere.json
has err "the song that it was written for is not beside it"
verify 2 again.flac --bpm 999
equal "$(ls -d "${TMPDIR:-/tmp}"/acestep-verify-* 2>/dev/null)" "" "folders left behind"

# --- a WAV holds 2000 bytes: long lyrics stand in the sidecar alone
yes 'la la la la la la la la la la' | head -100 >long.txt
run 0 "${quick[@]}" --no-thinking --no-use_cot_metas -p x -l @long.txt -d 10 --seed 8 -o long.wav
again long.wav long2.wav
mv long.json away.json
run 0 inspect long.wav
has out "without audio_codes, timesteps, composition, request.lyrics"
run 4 inspect long.wav --request
has err "leaves out request.lyrics"
is_empty out
cp away.json long.json
printf 'x' >>long.wav # no longer the file the sidecar was written for
run 0 inspect long.wav
has out "was written for another song, or this one was changed"

# --- what has no record: exit code 4 with what and why
run 4 inspect absent.flac
run 4 inspect .
printf 'words' >words.txt
run 4 inspect words.txt
has err "is not a sound file of a known kind"
run 4 inspect wav.json
has err "is JSON, but no record of a song"
has err "acestep generate -c"
head -c 200000 a.flac >cut.flac
run 4 inspect cut.flac
has err "cut.flac: the file breaks off"
is_empty out
head -c 40 a.flac >head.flac
run 4 inspect head.flac
python3 - <<'PYTHON'
import struct, wave
with wave.open("plain.wav", "wb") as file:
    file.setnchannels(1)
    file.setsampwidth(2)
    file.setframerate(8000)
    file.writeframes(struct.pack("<4000h", *range(4000)))
PYTHON
run 4 inspect plain.wav
has err "plain.wav: holds no record of how it was made"
run 4 inspect plain.wav --json
equal "$(json_value out "it['exit_code']")" 4 "exit_code"
run 2 inspect
run 2 inspect a.flac b.flac
run 0 inspect --help
has out "inspect song.flac --request | acestep generate -c -"
finish
