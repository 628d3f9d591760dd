#!/bin/bash
# Options of a song through the real binary: presets and their sources, adjustments, formats, names.
# Usage: check_options.sh BINARY SOURCE_DIR AUDIO_FACTS
set -u
. "$(dirname "$0")/checks.sh"

small="--checkpoint_dir $source_dir/tests/data/checkpoints/e2e --threads 1 --dtype fp32"
plain="--no-thinking --no-use_cot_metas --no-use_cot_caption --no-use_cot_language -d 10"
dry="-n --json --checkpoint_dir $work/nowhere -p x"
source_of() { equal "$(json_value out "it['sources']['$1']")" "\"$2\"" "source of $1"; }

# --- defaults per family, with their source
presets() { # MODEL FAMILY STEPS SHIFT GUIDANCE
  run 0 $dry --model "$1"
  request inference_steps "$3"
  request shift "$4"
  request guidance_scale "$5"
  for field in inference_steps shift guidance_scale; do source_of $field "preset:$2"; done
  run 0 config show --model "$1" --checkpoint_dir "$work/nowhere"
  has out "preset:$2"
}
presets acestep-v15-turbo turbo 8 3.0 1.0
presets acestep-v15-turbo-shift1 turbo-shift1 8 1.0 1.0
presets acestep-v15-turbo-shift3 turbo 8 3.0 1.0
presets acestep-v15-turbo-continuous turbo 8 3.0 1.0
presets acestep-v15-xl-turbo turbo 8 3.0 1.0
presets acestep-v15-sft sft 50 1.0 7.0
presets acestep-v15-xl-sft sft 50 1.0 7.0
presets acestep-v15-base base 50 1.0 7.0
presets acestep-v15-xl-base base 50 1.0 7.0
run 0 $dry --model acestep-v15-base --guidance_scale 4
source_of guidance_scale cli

# --- what a family cannot do is changed and told; --strict refuses
run 0 $dry --guidance_scale 5 --timesteps 0.97,0.5
equal "$(json_value out "[a['field'] for a in it['adjustments']]")" \
  '["guidance_scale", "timesteps"]' "adjusted fields"
run 2 $dry --guidance_scale 5 --strict
has err "--strict allows no adjustment"
run 2 $dry --model acestep-v15-base --guidance_scale 16
has err "allowed: 1 … 15"
run 2 $dry --timesteps 0.2,0.4
has err "below the one before"
run 2 $dry --task_type cover
has err "cover works on a source"
run 2 $dry --dcw_wavelet db21
run 2 $dry --retake_seed x
run 2 $dry --audio_codes 1,2,64000
has err "63999"
run 0 $dry --seed 3,4,5
request seeds "[3, 4, 5]"
request batch_size 3

# --- a song of a model that is not distilled, with all that only those have
run 0 -p "calm piano" $small $plain --model acestep-v15-base --seed 3 --inference_steps 3 -o base.wav
run 0 -p "calm piano" $small $plain --model acestep-v15-base --seed 3 --inference_steps 3 \
  --guidance_scale 4 --use_adg --cfg_interval_start 0.1 --cfg_interval_end 0.9 --sampler_mode heun \
  --velocity_norm_threshold 2 --velocity_ema_factor 0.1 --dcw_mode low --dcw_wavelet sym4 \
  --retake_variance 0.1 --retake_seed 5 --latent_shift 0.01 --latent_rescale 1.01 -o all.wav
other_sound base.wav all.wav
run 0 -p "calm piano" $small $plain --model acestep-v15-xl-turbo --seed 3 --inference_steps 2 \
  --audio_codes "$(seq -s, 1 50)" -o codes.wav --json
equal "$(json_value out "len(it['audios'][0]['params']['audio_codes']) > 50")" true "codes in the record"
printf '%s' "$(seq -s, 1 50)" >codes.txt
run 0 -p "calm piano" $small $plain --model acestep-v15-xl-turbo --seed 3 --inference_steps 2 \
  --audio_codes @codes.txt -o again.wav
same codes.wav again.wav
for method in ode sde; do
  run 0 -p "calm piano" $small $plain --seed 3 --inference_steps 2 --infer_method $method -o $method.wav
done
other_sound ode.wav sde.wav

# --- formats
tiny="--checkpoint_dir tiny --threads 1 --dtype fp32 $plain -p rain --seed 3 -q"
for format in flac wav wav24 wav32 mp3 opus ogg; do
  run 0 $tiny --audio_format $format --save_dir formats --name_template "$format" --no-sidecar
  file=$(cat out)
  run 0 inspect "$file" --json
  equal "$(json_value out "it['audio']['sample_rate'], it['audio']['channels']")" "[48000, 2]" "$format"
  run 0 $tiny --audio_format $format --save_dir formats --name_template "$format-2" --no-sidecar
  same "$file" "$(cat out)"
done
run 0 $tiny -o low.mp3 --mp3_bitrate 128k --no-sidecar
run 0 $tiny -o high.mp3 --mp3_bitrate 320k --no-sidecar
equal "$(($(stat -c %s high.mp3) > 2 * $(stat -c %s low.mp3)))" 1 "320k is larger than 128k"
run 0 $tiny -o rate.mp3 --mp3_sample_rate 44100 --no-sidecar --json
equal "$(json_value out "it['audios'][0]['sample_rate']")" 44100 "sample rate of the mp3"
run 2 $tiny --mp3_bitrate 100k
run 2 $tiny --mp3_sample_rate 22050
run 2 $tiny --audio_format aac
has err "flac, wav, wav24, wav32, mp3, opus, ogg"
run 2 $tiny -o song.m4a
has err "AAC cannot be written"

# --- standard output
run 0 $tiny -o whole.flac --no-sidecar
run 0 $tiny -o -
same out whole.flac
is_empty err
run 2 $tiny -o - --json
run 2 $tiny -o - -b 2
"$acestep" $tiny -o - >/dev/full 2>err
expect_code $? 6 "-o - to a full disk"

# --- names
run 0 $tiny --save_dir names --name_template '{uuid}'
uuid=$(cat out)
run 0 $tiny --save_dir names --name_template '{uuid}'
equal "$(cat out)" "${uuid%.flac}-2.flac" "the second song of one name"
run 0 $tiny --save_dir names --name_template '{uuid}' --force
equal "$(cat out)" "$uuid" "the forced name"
run 2 $tiny --name_template '{mood}'
has err "{uuid}"

# --- a time limit
run 9 -p rain --checkpoint_dir tiny --threads 1 -d 600 --generation_timeout 1 -q --save_dir late
has err "--generation_timeout"
nothing_in late
run 2 $dry --generation_timeout 0
finish
