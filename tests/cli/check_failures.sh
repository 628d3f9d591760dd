#!/bin/bash
# Damaged models, full disks, unreadable files: one message, the right exit code, nothing left behind.
# Usage: check_failures.sh BINARY SOURCE_DIR
set -u
. "$(dirname "$0")/checks.sh"
quick=(--threads 1 --dtype fp32 --progress none --no-use_cot_caption --no-use_cot_language -p x -d 10 --seed 3 -O songs)
silent=(--no-thinking --no-use_cot_metas)

# damage FILE WHAT [TENSOR]: nan | rename | extra | shape | truncate
damage() {
  python3 - "$@" <<'PY'
import json, struct, sys
path, what, wanted = sys.argv[1], sys.argv[2], (sys.argv[3:] or [""])[0]
data = bytearray(open(path, "rb").read())
length = struct.unpack("<Q", data[:8])[0]
header = json.loads(data[8 : 8 + length])
body = data[8 + length :]
name = next(n for n in sorted(header) if n != "__metadata__" and wanted in n)
begin, end = header[name]["data_offsets"]
nan = {"F32": b"\0\0\xc0\x7f", "F16": b"\0\x7e", "BF16": b"\xc0\x7f"}
if what == "nan":
    number = nan[header[name]["dtype"]]
    body[begin:end] = number * ((end - begin) // len(number))
elif what == "rename":
    header[name + ".lost"] = header.pop(name)
elif what == "extra":
    size = 4
    header["unwanted"] = {"dtype": "F32", "shape": [1], "data_offsets": [len(body), len(body) + size]}
    body += bytes(size)
elif what == "shape":
    header[name]["shape"] = header[name]["shape"] + [1, 1]
text = json.dumps(header).encode()
text += b" " * (-len(text) % 8)
data = struct.pack("<Q", len(text)) + text + body
open(path, "wb").write(data[: len(data) // 2] if what == "truncate" else data)
PY
}

# broken FILE WHAT [TENSOR]: a fresh folder `broken` of links but for this damaged file
broken() {
  rm -rf broken songs
  cp -rs "$work/toy" broken
  rm "broken/$1"
  cp "toy/$1" "broken/$1"
  damage "broken/$@"
}

run 0 models make-tiny toy
dit=acestep-v15-turbo/model.safetensors
lm=acestep-5Hz-lm-0.6B/model.safetensors
text_encoder=Qwen3-Embedding-0.6B/model.safetensors
vae=vae/diffusion_pytorch_model.safetensors

# --- 7: numbers that are not finite, named by stage
broken $dit nan decoder.layers.0
run 7 "${quick[@]}" "${silent[@]}" --checkpoint_dir broken
has err "denoise: "
has err "step"
nothing_in songs
broken $dit nan encoder.
run 7 "${quick[@]}" "${silent[@]}" --checkpoint_dir broken
nothing_in songs
broken $text_encoder nan layers.0
run 7 "${quick[@]}" "${silent[@]}" --checkpoint_dir broken
nothing_in songs
broken $vae nan decoder.
run 7 "${quick[@]}" "${silent[@]}" --checkpoint_dir broken --json
has err "decode: "
equal "$(json_value out "[it['success'], it['exit_code'], it['audios']]")" "[false, 7, []]" "the failure"
nothing_in songs
broken $lm nan layers.0
run 7 "${quick[@]}" --checkpoint_dir broken
has err "language model"
nothing_in songs

# --- 3: models that are incomplete or of the wrong shape; all parts
for pair in "$dit:decoder.layers.0" "$dit:encoder." "$lm:layers.0" "$text_encoder:layers.0" "$vae:decoder."; do
  for what in rename shape truncate; do
    broken "${pair%:*}" $what "${pair#*:}"
    run 3 "${quick[@]}" --checkpoint_dir broken -q
    equal "$(grep -c 'acestep: error:' err)" 1 "number of messages ($pair $what)"
    has err "safetensors"
    is_empty out
    nothing_in songs
  done
done
for file in $dit $lm $text_encoder $vae; do
  broken $file extra
  run 3 "${quick[@]}" --checkpoint_dir broken
  has err "unwanted"
done
broken $dit nan
rm broken/acestep-v15-turbo/silence_latent.pt
run 3 "${quick[@]}" --checkpoint_dir broken
has err "silence_latent.pt"
run 3 "${quick[@]}" --checkpoint_dir toy -m nowhere
has err "nowhere"

# --- 4: input files
run 4 "${quick[@]}" --checkpoint_dir toy -l @absent.txt
has err "absent.txt"
run 4 "${quick[@]}" --checkpoint_dir toy -l @"$work"
run 4 "${quick[@]}" --checkpoint_dir toy -c absent.json --json
equal "$(json_value out "it['exit_code']")" 4 "exit code in the JSON"

# --- 6: output
rm -rf songs
run 6 "${quick[@]}" --checkpoint_dir toy -O /proc/nowhere
run 6 "${quick[@]}" "${silent[@]}" --checkpoint_dir toy -o /dev/full
(
  ulimit -f 100 # blocks of 1024 bytes: less than a song
  run 6 "${quick[@]}" "${silent[@]}" --checkpoint_dir toy
  has err "File too large"
  [ "$failures" -eq 0 ]
) || fail "a file size limit"
nothing_in songs
mkdir locked
chmod a-w locked
if [ "$(id -u)" -ne 0 ]; then # nothing is read-only for root
  run 6 "${quick[@]}" "${silent[@]}" --checkpoint_dir toy -O locked
fi
"$acestep" "${quick[@]}" "${silent[@]}" --checkpoint_dir toy >/dev/full 2>err
expect_code $? 6 "standard output on a full device"

# --- quiet: errors only
run 0 "${quick[@]}" "${silent[@]}" --checkpoint_dir toy --quiet
is_empty err
run 3 -q --checkpoint_dir nowhere -p x
equal "$(wc -l <err)" 2 "number of lines of a quiet failure"

finish
