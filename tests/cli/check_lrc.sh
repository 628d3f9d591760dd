#!/bin/bash
# Lyrics with their times, scores, and the best songs of several: generate --lrc --score --keep_best,
# acestep lrc, acestep score.
# Usage: check_lrc.sh BINARY SOURCE_DIR AUDIO_FACTS
set -u
. "$(dirname "$0")/checks.sh"
machine=(--checkpoint_dir tiny --threads 1 --dtype fp32 --progress none)
plain=(--no-thinking --no-use_cot_metas --no-use_cot_caption --no-use_cot_language)
lyrics=$'[Verse]\ngood morning sun\nsoft light\n\n[Chorus]\nla la la'
song=("${machine[@]}" "${plain[@]}" -p 'warm folk' -d 10 --seed 5)
value() { json_value "$1" "$2"; }

# --- generate --lrc writes NAME.lrc; the song itself does not change
run 0 "${song[@]}" -l "$lyrics" --save_latents --lrc --score --json -o a.wav
mv out a.out
equal "$(value a.out "it['audios'][0]['lyrics']")" '"a.lrc"' "the path of the lyrics"
equal "$(sed 's/^\[[0-9][0-9]:[0-9][0-9]\.[0-9][0-9]\]//' a.lrc)" \
  $'[Verse]\ngood morning sun\nsoft light\n[Chorus]\nla la la' "lines of a.lrc"
equal "$(head -c 10 a.lrc)" '[00:00.00]' "where the first line begins"
equal "$(value a.json "it['song']['lyrics']")" '"a.lrc"' "the lyrics in the sidecar"
equal "$(value a.json "it['song']['scores'] == json.load(open('a.out'))['audios'][0]['scores']")" true "scores in both"
equal "$(value a.out "[0 <= it['audios'][0]['scores']['lyrics'][k] <= 1 for k in ('score', 'coverage', 'noise_score')]")" \
  '[true, true, true]' "parts of the lyric score"
equal "$(value a.out "[it['audios'][0]['scores']['lm'], sorted(it['extra_outputs']['time_costs'])[1:3] != []]")" \
  '[null, true]' "no codes, no score of them"
equal "$(value a.json "'lrc' in it['request'] or 'score' in it['request']")" false "the record's request"
run 0 "${song[@]}" -l "$lyrics" -o plain.wav
same_sound a.wav plain.wav
[ -e plain.lrc ] && fail "plain.lrc was written unasked"

# --- acestep lrc finds the same times again, in every format
cp a.lrc first.lrc
run 6 lrc a.wav "${machine[@]}"
has err "a.lrc exists already"
run 0 lrc a.wav "${machine[@]}" --force
equal "$(cat out)" a.lrc "what lrc prints"
same a.lrc first.lrc
run 0 lrc a.json "${machine[@]}" -o again.lrc
same again.lrc first.lrc
run 0 lrc a.wav "${machine[@]}" --include_end_time -o -
equal "$(grep -cE '^\[[0-9:.]{8}\]\[[0-9:.]{8}\]' out)" 5 "lines with both times"
run 0 lrc a.wav "${machine[@]}" --format elrc -o words.lrc
has words.lrc '>morning <'
run 0 lrc a.wav "${machine[@]}" --format vtt
has a.vtt 'WEBVTT'
equal "$(grep -cE '^[0-9:.]{12} --> [0-9:.]{12}$' a.vtt)" 5 "cues"
run 0 lrc a.wav "${machine[@]}" --format srt
equal "$(grep -cE '^[0-9:,]{12} --> [0-9:,]{12}$' a.srt)" 5 "cues"
run 0 lrc a.wav "${machine[@]}" --format json
equal "$(value out "[it['seconds'], len(it['lines']), it['lines'][1]['words'][2]['text']]")" '[10.0, 5, "sun"]' "JSON"
equal "$(value a.json "it['schema']")" '"acestep/1"' "the sidecar is still the song's record"

# --- acestep score
run 0 score a.wav "${machine[@]}" --json
equal "$(value out "it['lyrics'] == json.load(open('a.out'))['audios'][0]['scores']['lyrics']")" true "the same score"
has err "the audio codes are not scored: the song was made without audio codes"
run 0 score a.wav "${machine[@]}"
has out "coverage:"
sung=("${machine[@]}" --no-use_cot_caption --no-use_cot_language -p 'warm folk' -d 10 --seed 5 --bpm 90)
run 0 "${sung[@]}" -l "$lyrics" --save_latents --score --json -o codes.flac
mv out codes.out
equal "$(value codes.out "sorted(it['audios'][0]['scores']['lm']['by_condition'])[:4]")" \
  '["bpm", "caption", "duration", "keyscale"]' "conditions that the codes are scored by"
run 0 score codes.flac "${machine[@]}" --json
equal "$(value out "abs(it['score'] - json.load(open('codes.out'))['audios'][0]['scores']['score']) < 1e-6")" true "the same"
mv out usual.out
run 0 score codes.flac "${machine[@]}" --json --score_scale 1 --topk 100
equal "$(value out "it['lm'] != json.load(open('usual.out'))['lm'] and it['lyrics'] == json.load(open('usual.out'))['lyrics']")" \
  true "the scale and the number of guesses"
rm codes.latents.safetensors
run 0 score codes.flac "${machine[@]}" --json
has err "the lyrics are not scored"
equal "$(value out "it['lyrics']")" null "no latents, no lyric score"

# --- the best of several
run 0 "${song[@]}" -l "$lyrics" -b 3 --score --json --audio_format wav -O all
equal "$(value out "[len(it['audios']), 'dropped' in it['extra_outputs']]")" '[3, false]' "all are written"
mv out all.out
run 0 "${song[@]}" -l "$lyrics" -b 3 --keep_best 1 --by score --json -o best.wav
mv out best.out
best='max(json.load(open("all.out"))["audios"], key=lambda a: a["scores"]["score"])'
equal "$(value best.out "[it['audios'][0]['seed'], len(it['audios'])] == [$best['seed'], 1]")" true "the best seed"
equal "$(value best.out "sorted([it['audios'][0]['seed']] + [d['seed'] for d in it['extra_outputs']['dropped']])")" \
  '[5, 6, 7]' "every song is told"
equal "$(value best.out "all(d['scores']['score'] is not None for d in it['extra_outputs']['dropped'])")" true "with its score"
equal "$(ls ./*.wav | wc -l)" 3 "one more song"
same_sound best.wav "$(value all.out "$best['path']" | tr -d '"')"
run 0 "${song[@]}" -l "$lyrics" -b 3 --keep_best 2 --by lyrics -O two
equal "$(ls two/*.flac | wc -l)" 2 "two songs"
has err "is not written: score"
run 0 "${sung[@]}" --instrumental -b 2 --keep_best 1 --by lm --json -O codes
equal "$(value out "[it['audios'][0]['scores'][k] is None for k in ('lyrics', 'lm')]")" '[true, false]' "by the codes"

# --- mistakes, found before models are loaded
run 0 "${song[@]}" --instrumental --lrc -o silent.wav --save_latents
has err "lrc has no effect: the song is instrumental"
[ -e silent.lrc ] && fail "silent.lrc was written"
run 2 lrc silent.wav "${machine[@]}"
has err "there are no lyrics to time"
run 2 score silent.wav "${machine[@]}"
has err "nothing can be scored"
rm -f a.latents.safetensors
run 4 lrc a.wav "${machine[@]}" -o new.lrc
has err "a.latents.safetensors"
has err "--save_latents"
printf 'no tensors' >a.latents.safetensors
run 4 lrc a.wav "${machine[@]}" -o new.lrc
has err "a.latents.safetensors"
# --- a sound of any origin, whose words are given
run 0 lrc plain.wav "${machine[@]}" -l "$lyrics" -o given.lrc
equal "$(sed 's/^\[[0-9][0-9]:[0-9][0-9]\.[0-9][0-9]\]//' given.lrc)" \
  $'[Verse]\ngood morning sun\nsoft light\n[Chorus]\nla la la' "lines of given.lrc"
run 2 lrc plain.wav "${machine[@]}" -l "[Instrumental]" -o none.lrc
has err "instrumental"
echo words >words.txt
run 4 lrc words.txt "${machine[@]}" -l "$lyrics" -o none.lrc
has err words.txt
[ ! -e none.lrc ] || fail "a failed call left a file"
run 4 lrc missing.wav "${machine[@]}"
run 2 lrc a.wav "${machine[@]}" --format ass
run 2 score a.wav "${machine[@]}" --score_scale 0
run 2 "${song[@]}" -l "$lyrics" -b 2 --keep_best 3
has err "the 2 of batch_size"
run 2 "${song[@]}" --instrumental -b 2 --keep_best 1
has err "nothing to choose by"
run 2 "${song[@]}" -l "$lyrics" --by lyrics
has err "it needs keep_best"
run 2 "${song[@]}" -l "$lyrics" --lrc -o -
run 2 "${song[@]}" -l "$lyrics" -m acestep-v15-xl-turbo --lrc -O xl
has err "lyric_alignment_layers_config"
nothing_in xl

finish
