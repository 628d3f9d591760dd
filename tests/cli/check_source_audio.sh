#!/bin/bash
# Sound that users give: reference audio of every kind and length, and files through a decoder.
# Usage: check_source_audio.sh BINARY SOURCE_DIR AUDIO_FACTS
set -u
. "$(dirname "$0")/checks.sh"
song=(--checkpoint_dir tiny --device cpu --dtype fp32 --threads 1 --progress none --no-thinking
  --no-use_cot_metas --no-use_cot_caption --no-use_cot_language -p x -d 10 -b 1
  --inference_steps 2 --audio_format wav --no-sidecar)
make() { # EXPECTED_EXIT_CODE SONG SEED OPTIONS…
  run "$1" "${song[@]}" -o "$2" --seed "$3" "${@:4}"
}

cat >sound.py <<'END'
# sound.py FILE RATE CHANNELS SECONDS: a rising tone, 8 bits; SILENT and CLICK in the place of
# seconds: one second of nothing, a single sample.
import sys, wave
name, rate, channels, length = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
if length == "SILENT":
    frames = bytes([128]) * rate * channels
elif length == "CLICK":
    frames = bytes([200]) * channels
else:
    one = bytes(b for i in range(rate) for b in [(i * i // (7 * rate)) % 200 + 28] * channels)
    frames = one * int(length)
with wave.open(name, "wb") as out:
    out.setparams((channels, 1, rate, 0, "NONE", ""))
    out.writeframes(frames)
END
sound() { python3 sound.py "$@"; }

# --- a song sounds like its reference, repeatably
sound voice.wav 44100 2 41
# (a reference's 30 s take longest to encode: every song of this script is there for a reason)
make 0 plain.wav 5
make 0 one.wav 5 --reference_audio voice.wav --sidecar
other_sound plain.wav one.wav
# its record says which sound that was; where it lies stands beside the song alone
run 0 inspect one.wav
has out "made from       reference $(sha256sum voice.wav | cut -c1-8)"
run 0 generate --verify one.wav --checkpoint_dir tiny --threads 1 --progress none
mv one.json elsewhere.json
run 0 inspect one.wav --request
has err "add --reference_audio FILE"
lacks out voice.wav

# --- the reference program's windows
sound long.wav 8000 1 61
windows() { make 0 "$1" 5 --reference_audio long.wav --compat reference --global_seed 1 --python_seed "$2"; }
windows three.wav 3
windows four.wav 4
other_sound three.wav four.wav
make 2 never.wav 5 --reference_audio long.wav --python_seed 3
has err "it needs --compat reference"

# --- sound of every kind
for kind in "22050 6 1" "44100 1 CLICK"; do
  # shellcheck disable=SC2086
  sound kind.wav $kind
  make 0 kind-song.wav 5 --reference_audio kind.wav
  other_sound plain.wav kind-song.wav
  rm -f kind-song.wav
done

# --- an hour takes no more memory than seconds
most_kib() { # OPTIONS…: of a run's resident memory
  python3 - "$acestep" "${song[@]}" -o measured.wav --force --seed 5 "$@" <<'END'
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
END
}
sound hour.wav 8000 1 3600
short=$(most_kib --reference_audio voice.wav)
same_sound one.wav measured.wav
hour=$(most_kib --reference_audio hour.wav)
checks=$((checks + 1))
# The mapped file itself, 28 MB, counts as resident while it is read.
[ "$hour" -lt $((short + 60000)) ] || fail "an hour takes $hour KiB, a minute $short KiB"

# --- what cannot be heard
sound silent.wav 48000 2 SILENT
make 4 never.wav 5 --reference_audio silent.wav
has err "--reference_audio: silent.wav: is silent"
make 4 never.wav 5 --reference_audio absent.wav -n # a dry run looks at it, too
has err absent.wav
make 4 never.wav 5 --reference_audio absent.wav
has err absent.wav
: >empty.wav
make 4 never.wav 5 --reference_audio empty.wav
has err "empty.wav: the file is empty"
echo words >words.wav
make 4 never.wav 5 --reference_audio words.wav
has err "is not a sound file of a known kind"

# --- other kinds, through a program that the user names
printf '\0\0\0\040ftypM4A but not really' >'a song; $(touch trap).m4a'
m4a='a song; $(touch trap).m4a'
make 4 never.wav 5 --reference_audio "$m4a"
has err "which cannot be read"
has err "--decoder '[\"ffmpeg\","
decoder() { printf '["%s","-c","%s","decoder","{}"]' "$(command -v sh)" "$1"; }
make 0 decoded.wav 5 --reference_audio "$m4a" --decoder "$(decoder "test -f \\\"\$1\\\" && cat voice.wav")"
same_sound one.wav decoded.wav
[ ! -e trap ] || fail "a shell read the file's name"
sound second.wav 48000 2 1
run 0 generate cover "${song[@]}" -o cover.wav --seed 5 -i second.wav
run 0 generate cover "${song[@]}" -o decoded-cover.wav --seed 5 -i "$m4a" \
  --decoder "$(decoder "test -f \\\"\$1\\\" && cat second.wav")"
same_sound cover.wav decoded-cover.wav
run 4 generate cover "${song[@]}" -o never.wav -i "$m4a"
has err "--src_audio: a song"
has err "--decoder"
make 4 never.wav 5 --reference_audio "$m4a" --decoder "$(decoder 'echo no such codec >&2; exit 3')"
has err "failed with exit code 3; it said: no such codec"
make 4 never.wav 5 --reference_audio "$m4a" --decoder '["no-such-program","{}"]'
has err no-such-program
make 2 never.wav 5 --reference_audio "$m4a" --decoder 'ffmpeg -i {}'
has err --decoder
make 2 never.wav 5 --reference_audio "$m4a" --decoder '["ffmpeg","-i","in.m4a"]'
has err "must have {}"
make 9 never.wav 5 --reference_audio "$m4a" --decoder "$(decoder 'exec sleep 60')" --generation_timeout 1
[ ! -e never.wav ] || fail "a failed call left a song"

finish
