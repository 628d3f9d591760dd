#!/bin/bash
# What `generate` lets the language model write before it composes.
# Usage: check_wishes.sh BINARY SOURCE_DIR AUDIO_FACTS
set -u
. "$(dirname "$0")/checks.sh"
machine=(--checkpoint_dir tiny --device cpu --dtype fp32 --threads 1 --progress none)
song=("${machine[@]}" --no-thinking --no-use_cot_caption --no-use_cot_language)

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
finish
