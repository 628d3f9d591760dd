#!/bin/bash
# The language model's services: create-sample, format-sample, understand, what `generate` lets it
# write before it composes, and a song split at its codes.
# Usage: check_services.sh BINARY SOURCE_DIR AUDIO_FACTS
set -u
. "$(dirname "$0")/checks.sh"
machine=(--checkpoint_dir tiny --device cpu --dtype fp32 --threads 1 --progress none)
song=("${machine[@]}" --no-thinking --no-use_cot_caption --no-use_cot_language)
fields='["bpm", "caption", "duration", "instrumental", "keyscale", "language", "lyrics", "timesignature"]'

# is_request FILE: the one schema, and a request as it is
is_request() {
  equal "$(json_value "$1" "sorted(it)")" "$fields" "keys of $1"
  run 0 generate -c "$1" -n --json "${machine[@]}" --strict-config
  for field in caption lyrics bpm; do
    equal "$(json_value out "it['request']['$field']")" "$(json_value "$1" "it['$field']")" "$field of $1"
  done
}

# --- a song in words from a wish
run 0 create-sample 'a soft Bengali love song' "${machine[@]}" --seed 5 --json -o wish.json
cp out wish-out.json
is_request wish.json
same wish-out.json wish.json
equal "$(json_value wish.json "it['language']")" '"bn"' "the language that the wish names"
run 0 create-sample 'a soft Bengali love song' "${machine[@]}" --seed 5
has out "caption: $(python3 -c 'import json; print(json.load(open("wish.json"))["caption"])')"
has err "seed 5"
run 0 create-sample 'a soft Bengali love song' "${machine[@]}" --seed 6 --json
differs out wish.json
run 0 create-sample 'piano solo' "${machine[@]}" --seed 5 --json
equal "$(json_value out "it['instrumental']")" true "what 'solo' asks for"
run 0 create-sample x "${machine[@]}" --seed 5 --json --instrumental --vocal_language fr
equal "$(json_value out "[it['instrumental'], it['language']]")" '[true, "fr"]' "what options ask for"
pipe 'a soft Bengali love song' 0 create-sample - "${machine[@]}" --seed 5 --json
same out wish.json
printf 'a soft Bengali love song' >wish.txt
run 0 create-sample @wish.txt "${machine[@]}" --lm_seed 5 --json
same out wish.json
run 0 create-sample "${machine[@]}" --seed 5 --json
cp out own.json
is_request own.json

# --- caption and lyrics rewritten; what is given stays
run 0 format-sample -p 'latin pop' -l $'[Verse]\nla la' --bpm 96 --keyscale Am "${machine[@]}" --seed 5 --json --request_out format.json
is_request format.json
equal "$(json_value format.json "[it['bpm'], it['keyscale']]")" '[96, "A minor"]' "given values"

# --- codes described
run 0 understand --audio_codes 1,2,3,4,5 "${machine[@]}" --seed 5 --json -o codes.json
is_request codes.json
printf '<|audio_code_1|><|audio_code_2|><|audio_code_3|><|audio_code_4|><|audio_code_5|>' >codes.txt
run 0 understand --audio_codes @codes.txt "${machine[@]}" --seed 5 --json
same out codes.json

# --- as the reference: its fields and its generator
run 0 create-sample x "${machine[@]}" --compat reference --global_seed 5 --json
cp out reference.json
run 0 create-sample x "${machine[@]}" --compat reference --global_seed 5 --json
same out reference.json

# --- only the language model is needed
run 0 models make-tiny whole
mkdir part
cp -r whole/acestep-5Hz-lm-0.6B part
run 0 create-sample x "${machine[@]}" --checkpoint_dir part --device sim --dtype fp32 --seed 5 --json --request_out sim.json
run 0 create-sample x "${machine[@]}" --seed 5 --json
same out sim.json

# --- errors: before any model is loaded, and nothing is left behind
run 2 create-sample x "${machine[@]}" --lm_model_path none
has err "create-sample asks the language model, but lm_model_path is none"
run 2 format-sample "${machine[@]}"
has err "caption and lyrics are both empty"
run 2 format-sample -p x --bpm 999 "${machine[@]}"
has err "allowed: 30 … 300"
run 2 understand "${machine[@]}"
run 2 understand --audio_codes 64000 "${machine[@]}"
has err "0 … 63999"
run 2 create-sample x "${machine[@]}" --vocal_language xx
run 2 create-sample a b "${machine[@]}"
run 3 create-sample x "${machine[@]}" --checkpoint_dir nowhere
has err "acestep models download"
run 4 create-sample @absent.txt "${machine[@]}"
run 6 create-sample x "${machine[@]}" -o wish.json
has err "wish.json"
run 6 create-sample x "${machine[@]}" -o absent/wish.json
run 0 create-sample x "${machine[@]}" -o wish.json --force
run 9 create-sample x "${machine[@]}" --generation_timeout 0.001 -o late.json
nothing_in late.json
equal "$(find . -name '.*.part-*')" "" "files left behind"
run 2 create-sample x "${machine[@]}" --lm_model_path none --json
equal "$(json_value out "[it['success'], it['exit_code']]")" '[false, 2]' "a failure as JSON"

# --- generate: words first, then the song; the record has the words
run 0 generate --sample_query 'a soft Bengali love song' "${song[@]}" -d 10 --seed 5 --json -o wish-song.flac
cp out result.json
equal "$(json_value result.json "it['audios'][0]['asked']['sample_query']")" '"a soft Bengali love song"' "what was asked"
equal "$(json_value result.json "it['audios'][0]['params']['sample_query']")" '""' "what is left of it"
equal "$(json_value result.json "it['audios'][0]['params']['vocal_language']")" '"bn"' "language"
run 0 create-sample 'a soft Bengali love song' "${machine[@]}" --seed 5 --json
equal "$(json_value result.json "it['audios'][0]['params']['caption']")" "$(json_value out "it['caption']")" \
  "the caption of create-sample with the same seed"
equal "$(json_value wish-song.json "it['song']['asked']['sample_query']")" '"a soft Bengali love song"' "what the sidecar tells"
run 0 inspect wish-song.flac --request
cp out repeat.json
run 0 generate -c repeat.json "${machine[@]}" --lm_model_path none -o again.flac
same_sound wish-song.flac again.flac
run 0 generate --sample_mode "${song[@]}" -d 10 --seed 5 --no-sidecar -o own.flac
run 0 generate -p 'latin pop' -l $'[Verse]\nla la' --use_format "${song[@]}" -d 10.5 --seed 5 -o format-song.flac --json
equal "$(json_value out "it['audios'][0]['params']['duration']")" 10.5 "a given length stays"
equal "$(json_value out "it['audios'][0]['asked']['caption']")" '"latin pop"' "the caption that was rewritten"
run 0 generate -p 'latin pop' -l generate "${song[@]}" -d 10 --seed 5 --json -o sung.flac
equal "$(json_value out "it['audios'][0]['params']['lyrics'] != 'generate'")" true "lyrics that were written"
printf '{"description": "piano solo", "instrumental": true, "vocal_language": "unknown"}' >simple.json
run 0 generate -c simple.json "${song[@]}" -d 10 --seed 5 -o simple-song.flac
# a song alone is the song of its seed, whatever else is in the request
run 0 generate --sample_query 'a soft Bengali love song' "${song[@]}" -d 10 --seed 4 -b 2 -O two --name_template '{index}' --no-sidecar
same_sound wish-song.flac two/2.flac
run 0 generate --sample_query x "${machine[@]}" -n --json --print-prompts
equal "$(json_value out "'instrumental: false' in it['prompts']['lm'][0]['prompt']")" true "the planned prompt"

# --- a wish that cannot be granted
run 2 generate --sample_query x "${song[@]}" --lm_model_path none -n
has err "it needs the language model, but lm_model_path is none"
run 2 generate --sample_query x -p y "${song[@]}" -n
has err "sample_query writes it"
run 2 generate -l generate "${song[@]}" -n
has err "it needs a caption to write lyrics for"
run 2 generate -p x -l generate --instrumental "${song[@]}" -n
run 2 generate -p x -l y --use_cot_lyrics "${song[@]}" -n
run 2 generate -p x --allow_fallback "${song[@]}" -n

# --- split at the codes: the same song
whole=("${machine[@]}" --audio_format wav -p 'warm folk' -l $'[Verse]\nla la' -d 10 --seed 5)
run 0 generate "${whole[@]}" --keep_codes kept.json --no-sidecar -o whole.wav
run 0 generate "${whole[@]}" --lm_only --keep_codes split.json
equal "$(cat out)" split.json "what --lm_only prints"
same kept.json split.json
run 0 generate "${whole[@]}" --lm_only
same out split.json
equal "$(json_value split.json "[it['audio_codes'].count('audio_code'), it['thinking'], it['lm_model_path']]")" \
  '[50, false, "none"]' "a request with codes"
run 0 generate -c split.json "${machine[@]}" --no-sidecar -o split.wav
same_sound whole.wav split.wav
run 0 generate --sample_query x "${machine[@]}" -d 10 --seed 5 --keep_codes wished.json --no-sidecar -o wished.wav
run 0 generate -c wished.json "${machine[@]}" --no-sidecar -o wished2.wav
same_sound wished.wav wished2.wav
run 0 generate "${whole[@]}" -b 2 --lm_only --keep_codes two.jsonl
run 0 batch two.jsonl "${machine[@]}" -O songs --name_template '{seed}' --audio_format wav --no-sidecar
same_sound whole.wav songs/5.wav
run 0 generate "${whole[@]}" --checkpoint_dir part --lm_only --json # no other model is there
equal "$(json_value out "[it['success'], len(it['requests'])]")" '[true, 1]' "the object of --lm_only"
run 2 generate "${whole[@]}" -b 2 --lm_only --keep_codes two.json
has err ".jsonl"
run 2 generate "${whole[@]}" --lm_only -o x.wav
run 2 generate "${whole[@]}" --lm_only --compat reference
run 2 generate "${whole[@]}" --lm_only --lm_model_path none
run 6 generate "${whole[@]}" --lm_only --keep_codes kept.json
printf '{"caption": "x", "lm_only": true}\n' >only.jsonl
run 2 batch only.jsonl "${machine[@]}" -O never
has err "a batch writes songs"
nothing_in never/*.flac

# --- how long the services take
for mode in understand format_sample; do
  run 0 bench $mode "${machine[@]:0:8}" --no-warmup --json
  equal "$(json_value out "it['tokens'] > 0 and it['tokens_per_second'] > 0 and it['song']['caption'] != ''")" true "bench $mode"
done
run 0 profile --mode create_sample --checkpoint_dir tiny --threads 1 --no-warmup
has out tokens_per_second
run 2 bench sing --checkpoint_dir tiny
has err "understand, create_sample, format_sample"

# --- sound, latents, codes
python3 - <<'PYTHON'
import wave
with wave.open("whole.wav") as whole, wave.open("short.wav", "wb") as short:
    short.setparams(short.getparams())
    short.writeframes(short.readframes(2 * 48000))
PYTHON
run 0 codec encode short.wav "${machine[@]}" --seed 7 -o short.safetensors
equal "$(cat out)" short.safetensors "what encode prints"
run 0 codec encode short.wav "${machine[@]}" --seed 7 -o short.vae --json
equal "$(json_value out "[it['frames'], it['seconds'], it['path']]")" '[50, 2.0, "short.vae"]' "what encode tells"
equal "$(stat -c %s short.vae)" $((50 * 64 * 4)) "bytes of bare latents"
run 0 codec encode short.wav "${machine[@]}" --seed 7
equal "$(cat out)" short.latents.safetensors "its usual name"
same short.safetensors short.latents.safetensors
run 0 codec encode short.wav "${machine[@]}" --seed 8 -o other.safetensors
differs short.safetensors other.safetensors
run 0 codec decode short.safetensors "${machine[@]}" -o decoded.wav
run 0 codec decode short.vae "${machine[@]}" -o decoded2.wav
same decoded.wav decoded2.wav
run 0 codec decode short.vae "${machine[@]}" --vae_chunk_size 64 --vae_overlap 16 -o tiles.wav
equal "$("$audio_facts" decoded.wav | cut -d' ' -f1-2)" "$("$audio_facts" short.wav | cut -d' ' -f1-2)" "rate and channels"
run 0 codec roundtrip short.wav "${machine[@]}" --seed 7 --json -o round.wav
same decoded.wav round.wav
equal "$(json_value out "it['frames'] == 50 and it['psnr_db'] >= it['snr_db'] and it['noise_rms'] > 0")" true "the distance"
run 0 codec roundtrip short.wav "${machine[@]}" --seed 7
has out "SNR "
run 0 codes encode short.wav "${machine[@]}" --seed 7 -o short.txt
run 0 codes encode short.wav "${machine[@]}" --seed 7 --json
equal "$(json_value out "[len(it['codes']), it['seconds']]")" '[10, 2.0]' "codes of two seconds"
equal "$(json_value out "it['audio_codes']")" "\"$(cat short.txt)\"" "codes in the file"
run 0 codes decode short.txt -p 'jazz piano' "${machine[@]}" --seed 5 --no-sidecar -o jazz.wav
run 0 generate --audio_codes @short.txt -p 'jazz piano' "${song[@]}" --no-use_cot_metas --seed 5 --no-sidecar -o jazz2.wav
same_sound jazz.wav jazz2.wav
run 0 understand short.wav "${machine[@]}" --seed 7 --codes_out heard.txt --json -o heard.json
same heard.txt short.txt
run 0 understand --audio_codes @short.txt "${machine[@]}" --seed 7 --json
same out heard.json

run 2 understand short.wav --audio_codes 1 "${machine[@]}"
run 4 understand absent.wav "${machine[@]}"
run 4 codes encode absent.wav "${machine[@]}"
run 4 codec decode absent.vae "${machine[@]}"
head -c 100 short.vae >cut.vae
run 4 codec decode cut.vae "${machine[@]}" -o never.wav
has err "no whole number of frames"
run 2 codec decode short.txt "${machine[@]}" -o never.wav
run 2 codec decode short.vae "${machine[@]}" -o never.m4a
run 6 codec decode short.vae "${machine[@]}" -o decoded.wav
run 6 codec encode short.wav "${machine[@]}" -o absent/x.vae
run 3 codec encode short.wav "${machine[@]}" --checkpoint_dir part -o never.vae
python3 - <<'PYTHON'
import wave
with wave.open("silent.wav", "wb") as file:
    file.setnchannels(2)
    file.setsampwidth(2)
    file.setframerate(48000)
    file.writeframes(bytes(4 * 48000))
PYTHON
run 4 codes encode silent.wav "${machine[@]}"
has err "is silent"
nothing_in never.wav
equal "$(find . -name '.*.part-*')" "" "files left behind"
finish
