#!/bin/bash
# Sound, latents and codes: codec encode|decode|roundtrip, codes encode|decode, understand of a sound.
# Usage: check_codec.sh BINARY SOURCE_DIR AUDIO_FACTS
set -u
. "$(dirname "$0")/checks.sh"
machine=(--checkpoint_dir tiny --device cpu --dtype fp32 --threads 1 --progress none)
song=("${machine[@]}" --no-thinking --no-use_cot_caption --no-use_cot_language)

run 0 generate "${song[@]}" -p 'warm folk' --instrumental -d 10 --seed 5 --no-sidecar -o whole.wav
run 0 models make-tiny whole
mkdir part
cp -r whole/acestep-5Hz-lm-0.6B part
python3 - <<'PYTHON'
import wave
with wave.open("whole.wav") as whole, wave.open("short.wav", "wb") as short:
    short.setparams(whole.getparams())
    short.writeframes(whole.readframes(2 * 48000))
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
