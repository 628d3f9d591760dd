#!/bin/bash
# The tasks with source audio: what they make, what they need, and what is told when they lack it.
# Usage: check_tasks.sh BINARY SOURCE_DIR AUDIO_FACTS
set -u
. "$(dirname "$0")/checks.sh"
models="$source_dir/tests/data/checkpoints/e2e"
quick=(--checkpoint_dir "$models" --lm_model_path none --device cpu --dtype fp32 --threads 1
  --progress none --inference_steps 2 -p "calm piano" --seed 7)
turbo=("${quick[@]}" -m acestep-v15-turbo)
base=("${quick[@]}" -m acestep-v15-base)

# facts FILE EXPECTED: Hz, channels, frames
facts() { equal "$("$audio_facts" "$1" | cut -d' ' -f1-3)" "$2" "what $1 holds"; }

# tone FILE RATE CHANNELS FRAMES: 16-bit WAV
tone() {
  python3 - "$@" <<'PY'
import array, math, sys, wave
name, rate, channels, frames = sys.argv[1], *map(int, sys.argv[2:5])
samples = array.array("h")
for i in range(frames):
    for channel in range(channels):
        samples.append(int(9000 * math.sin(i * (0.03 + 0.01 * channel))))
with wave.open(name, "wb") as file:
    file.setnchannels(channels); file.setsampwidth(2); file.setframerate(rate)
    file.writeframes(samples.tobytes())
PY
}
tone source.wav 48000 2 48000
tone mono.wav 44100 1 22050

# --- every task, as a word and as an option; a song lasts as long as its source
run 0 generate cover "${turbo[@]}" -i source.wav -o cover.wav
facts cover.wav "48000 2 48000"
has cover.json '"src_audio": "'
run 0 generate --task_type cover "${turbo[@]}" -i source.wav -o again.wav
same cover.wav again.wav
run 0 generate cover-nofsq "${turbo[@]}" -i mono.wav -o nofsq.wav
facts nofsq.wav "48000 2 23040"
run 0 generate repaint "${turbo[@]}" -i source.wav --repaint 0.4:0.6 --no-enable_normalization \
  --repaint_wav_crossfade_sec 0 -o repaint.wav
facts repaint.wav "48000 2 48000"
run 0 generate lego "${base[@]}" -i source.wav --track drums -o lego.wav
run 0 generate extract --checkpoint_dir "$models" --lm_model_path none --threads 1 --progress none \
  --inference_steps 2 --seed 7 -m acestep-v15-base -i source.wav --track vocals -o extract.wav
run 0 generate complete "${base[@]}" -i source.wav --complete_tracks drums,bass -o complete.wav
for song in lego extract complete; do facts $song.wav "48000 2 48000"; done

# --- repaint touches nothing outside its parts
python3 - <<'PY' >untouched
import wave
def samples(name):
    with wave.open(name) as file: return file.readframes(file.getnframes())
ours, theirs = samples("repaint.wav"), samples("source.wav")
frame = 4
close = lambda a, b: max(abs(x - y) for x, y in zip(memoryview(a).cast("h"), memoryview(b).cast("h")))
outside = max(close(ours[:19200 * frame], theirs[:19200 * frame]),
              close(ours[28800 * frame:], theirs[28800 * frame:]))
inside = close(ours[19200 * frame:28800 * frame], theirs[19200 * frame:28800 * frame])
print(outside <= 1, inside > 100)
PY
equal "$(cat untouched)" "True True" "outside of the part untouched, inside anew"

# --- longer than the source, before and behind it
run 0 generate repaint "${turbo[@]}" -i source.wav --repainting_start -0.4 --repainting_end 1.2 -o long.wav
facts long.wav "48000 2 76800"

# --- what changes a song
run 0 generate cover "${turbo[@]}" -i source.wav --audio_cover_strength 0.5 -o half.wav
other_sound cover.wav half.wav
run 0 generate cover "${turbo[@]}" -i source.wav --cover_noise_strength 0.6 -o near.wav
other_sound cover.wav near.wav
part=(generate repaint "${turbo[@]}" -i source.wav)
run 0 "${part[@]}" --repaint 0.4:0.6 -o part.wav
run 0 "${part[@]}" --repainting_start 0.4 --repainting_end 0.6 -o same-part.wav
same_sound part.wav same-part.wav
for change in "--repaint 0.4:0.6 --repaint 0.8:0.9" "--repainting_start 0.3 --repainting_end 0.6" \
  "--repainting_start 0.4 --repainting_end 0.7" "--repaint 0.4:0.6 --chunk_mask_mode explicit" \
  "--repaint 0.4:0.6 --repaint_mode conservative" "--repaint 0.4:0.6 --repaint_strength 0.9" \
  "--repaint 0.4:0.6 --repaint_latent_crossfade_frames 3" \
  "--repaint 0.4:0.6 --repaint_wav_crossfade_sec 0.1"; do
  # shellcheck disable=SC2086
  run 0 "${part[@]}" $change -o changed.wav --force
  other_sound part.wav changed.wav
done
run 0 generate lego "${base[@]}" -i source.wav --track guitar -o guitar.wav
other_sound lego.wav guitar.wav
run 0 generate complete "${base[@]}" -i source.wav --complete_tracks guitar -o other.wav
other_sound complete.wav other.wav
run 0 generate lego "${base[@]}" -i source.wav --track drums --global_caption "a whole band" -o global.wav
same_sound lego.wav global.wav
has err "global_caption has no effect"
mkdir stems
cp -r "$models"/. stems/
chmod -R u+w stems
python3 - <<'PY'
import json, os, shutil
folder = "stems/acestep-v15-base"
if os.path.islink(folder):
    target = os.path.realpath(folder); os.unlink(folder); shutil.copytree(target, folder)
config = json.load(open(folder + "/config.json"))
config["is_lego_sft"] = True
json.dump(config, open(folder + "/config.json", "w"))
PY
run 0 generate lego "${base[@]}" --checkpoint_dir stems -i source.wav --track drums -o stem.wav
run 0 generate lego "${base[@]}" --checkpoint_dir stems -i source.wav --track drums \
  --global_caption "a whole band" -o stem-global.wav
other_sound stem.wav stem-global.wav

# --- a source changed from one description to another
edit=(generate cover "${turbo[@]}" --inference_steps 4 -i source.wav --flow_edit_morph
  --flow_edit_source_caption "loud drums")
run 0 "${edit[@]}" -o edit.wav
other_sound cover.wav edit.wav
for change in "--flow_edit_source_caption flutes" "--flow_edit_source_lyrics words" \
  "--flow_edit_n_min 0.5" "--flow_edit_n_max 0.5" "--flow_edit_n_avg 2"; do
  # shellcheck disable=SC2086
  run 0 "${edit[@]}" $change -o changed.wav --force
  other_sound edit.wav changed.wav
done
run 0 generate "${turbo[@]}" -i source.wav --flow_edit_morph --flow_edit_source_caption "loud drums" -n
run 0 "${edit[@]}" --dcw_enabled -n
has err "flow_edit_morph does not work with it"

# --- saved latents: found beside one's own song, or named
run 0 generate "${turbo[@]}" -d 10 --save_latents -o own.flac
again=(generate repaint "${turbo[@]}" --repaint 4:6 --repaint_mode aggressive)
run 0 "${again[@]}" -i own.flac -o found.wav
has err "the latents saved with own.flac are used"
run 0 "${again[@]}" --src_latents own.latents.safetensors -o named.wav
same_sound found.wav named.wav
lacks named.json '"audio_sha256": ""'
run 0 "${again[@]}" -i own.flac --src_latents none -o encoded.wav
lacks err "saved with"
other_sound found.wav encoded.wav
cp own.latents.safetensors stranger.latents.safetensors
cp source.wav stranger.wav
run 4 "${again[@]}" -i source.wav --src_latents own.latents.safetensors -o never.wav
has err "250 frames"

# --- the record: digests inside the song, the path beside it; the same song again
run 0 inspect cover.wav --json
equal "$(json_value out "len(it['record']['source']['audio_sha256']) if 'record' in it else len(it['source']['audio_sha256'])")" \
  64 "length of the source's digest"
run 0 inspect cover.wav --request
cp out cover-request.json
equal "$(json_value out "it['src_audio'].endswith('/source.wav')")" true "the source's place"
run 0 generate -c cover-request.json --checkpoint_dir "$models" --threads 1 --progress none -o once-more.wav
same cover.wav once-more.wav
run 0 generate --verify cover.wav --checkpoint_dir "$models" --threads 1 --progress none

# --- every track in turn
run 0 generate extract "${base[@]}" --inference_steps 1 -i mono.wav --track all -O tracks --name_template '{seed}'
equal "$(wc -l <out)" 12 "number of tracks"
has out tracks/7-backing-vocals.flac
run 2 generate extract "${base[@]}" -i source.wav --track all -o one.wav
has err "{track}"

# --- what is planned
run 0 generate cover "${turbo[@]}" -i source.wav -n
has out "cover of source.wav, 1 s"
has out "encode"
run 0 generate cover "${turbo[@]}" -i source.wav -n --json
equal "$(json_value out "[stage['stage'] for stage in it['plan']]")" \
  '["compose", "encode", "condition", "denoise", "decode"]' "planned stages"
request duration 1.0

# --- what is missing or makes no sense, before anything is loaded
refused() { # TEXT ARGUMENTS…
  local text=$1
  shift
  run 2 generate "$@"
  has err "$text"
}
refused "cover works on a source" cover "${turbo[@]}"
refused "text2music has no source" "${turbo[@]}" -i source.wav
refused "works with the tasks text2music, cover" repaint "${turbo[@]}" -i source.wav --flow_edit_morph
refused "needs src_audio" "${turbo[@]}" --flow_edit_morph
refused "must be below flow_edit_n_max" cover "${turbo[@]}" -i source.wav --flow_edit_morph \
  --flow_edit_n_min 0.6 --flow_edit_n_max 0.4
refused "it needs flow_edit_morph" cover "${turbo[@]}" -i source.wav --flow_edit_n_avg 2
refused "--model acestep-v15-base can" extract "${turbo[@]}" -i source.wav --track vocals
refused "extract needs one" extract "${base[@]}" -i source.wav
refused "cover has none" cover "${turbo[@]}" -i source.wav --track drums
refused "complete does" cover "${turbo[@]}" -i source.wav --complete_tracks drums
refused "cover makes the whole song" cover "${turbo[@]}" -i source.wav --repaint 1:2
refused "it needs the task cover" repaint "${turbo[@]}" -i source.wav --cover_noise_strength 0.5
refused "after repainting_start" repaint "${turbo[@]}" -i source.wav --repainting_start 2 --repainting_end 1
refused "START:END" repaint "${turbo[@]}" -i source.wav --repaint 5
refused "begins at the source's end or beyond it" repaint "${turbo[@]}" -i source.wav --repaint 3:4
refused "the task is both" cover "${turbo[@]}" -i source.wav --task_type repaint
refused "allowed" karaoke "${turbo[@]}" -i source.wav
run 0 generate cover "${turbo[@]}" -i source.wav -d 20 -n
has err "duration has no effect"

unusable() { # TEXT FILE
  run 4 generate cover "${turbo[@]}" -i "$2" -o never.wav
  has err "$2"
  has err "$1"
  [ ! -e never.wav ] || fail "a song was made of $2"
}
: >empty.wav
echo "no sound" >words.wav
tone one.wav 48000 2 1
tone long.wav 4000 1 $((4000 * 3600))
unusable "--src_audio" nowhere.wav
unusable "the file is empty" empty.wav
unusable "is not a sound file of a known kind" words.wav
unusable "at least 1920" one.wav
unusable "3600 seconds, at most 600" long.wav
echo "{}" >words.safetensors
run 4 generate repaint "${turbo[@]}" --src_latents words.safetensors
has err "--src_latents"
run 4 generate repaint "${turbo[@]}" --src_latents nowhere.safetensors
has err "there is no such file"

# --- a silent source is told
tone silent.wav 48000 2 48000
python3 - <<'PY'
import wave
with wave.open("silent.wav", "wb") as file:
    file.setnchannels(2); file.setsampwidth(2); file.setframerate(48000)
    file.writeframes(bytes(48000 * 4))
PY
run 0 generate cover-nofsq "${turbo[@]}" -i silent.wav -o from-silence.wav
has err "silent.wav is silent"

finish
