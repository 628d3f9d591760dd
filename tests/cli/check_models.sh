#!/bin/bash
# acestep models: listing, checking, converting, removing, and downloads from a hub on the loopback
# that misbehaves. Usage: check_models.sh BINARY SOURCE_DIR AUDIO_FACTS (loopback_hub lies beside it)
set -u
. "$(dirname "$0")/checks.sh"
unset "${!HF_@}" http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY
export no_proxy='*'
export ACESTEP_CHECKPOINTS_DIR=$work/here

# missing PATH
missing() {
  checks=$((checks + 1))
  [ ! -e "$1" ] || fail "$1 is there"
}

run 0 models make-tiny toy --quiet

# --- list, info, where, verify on a whole set
run 0 models list --checkpoint_dir toy
has out "*  acestep-v15-turbo"
has out "present"
has out "absent"
run 0 models list --checkpoint_dir toy --json
equal "$(json_value out "[m['state'] for m in it['models'] if m['name'] == 'vae']")" '["present"]' "state of vae"
equal "$(json_value out "[m['tasks'][-1] for m in it['models'] if m['name'] == 'acestep-v15-base']")" '["complete"]' "last task of base"
equal "$(json_value out "len([m for m in it['models'] if m['chosen']])")" 4 "models of the next song"
equal "$(json_value out "[m['licence'] for m in it['models'] if m['name'] == 'vae']")" '["MIT (declared)"]' "licence"
run 0 models list
has out "absent"
run 0 models info acestep-v15-xl-turbo --checkpoint_dir toy --json
equal "$(json_value out "[it['family'], it['misfits'], len(it['weights']), it['dtype']]")" '["xl-turbo", null, 2, "BF16"]' "info"
run 0 models info toy/vae
has out "sampling_rate"
run 0 models info acestep-5Hz-lm-4B
has out "about 8.40 GB"
run 3 models info acestep-v15-trubo
has err "Did you mean acestep-v15-turbo?"
has err "acestep-v15-xl-sft"
run 3 models info ./nowhere
run 2 models info
run 0 models where --quiet
equal "$(cat out)" "$work/here" "the folder of the environment"
is_empty err
run 0 models where --json
equal "$(json_value out "[it['source'], it['exists']]")" '["env:ACESTEP_CHECKPOINTS_DIR", false]' "where it is from"
run 0 models where --checkpoint_dir toy --json
equal "$(json_value out "[it['source'], it['models']['lm']['name'], it['missing']]")" '["cli", "acestep-5Hz-lm-0.6B", []]' "where, by option"
run 0 models verify --checkpoint_dir toy
has out "acestep-v15-xl-turbo: ok"
run 3 models verify
has err "there are no models"
run 3 models verify acestep-v15-sft
has err "models download acestep-v15-sft"

# --- verify finds what is wrong
cp -r toy hurt
rm hurt/acestep-v15-xl-turbo/model-00002-of-00002.safetensors
truncate -s 1000 hurt/vae/diffusion_pytorch_model.safetensors
rm hurt/acestep-v15-sft/silence_latent.pt
rm hurt/Qwen3-Embedding-0.6B/{tokenizer,vocab}.json
python3 - hurt/acestep-v15-base/model.safetensors <<'PY'
import json, struct, sys
data = open(sys.argv[1], "rb").read()
length = struct.unpack("<Q", data[:8])[0]
header = json.loads(data[8 : 8 + length])
name = next(n for n in sorted(header) if n.startswith("decoder.layers.0"))
header["decoder.stranger"] = header.pop(name)
text = json.dumps(header).encode()
text += b" " * (-len(text) % 8)
open(sys.argv[1], "wb").write(struct.pack("<Q", len(text)) + text + data[8 + length :])
PY
run 3 models verify --checkpoint_dir hurt
for text in model-00002-of-00002.safetensors diffusion_pytorch_model.safetensors silence_latent.pt vocab.json \
  decoder.stranger decoder.layers.0 "acestep-v15-turbo: ok" "acestep-5Hz-lm-0.6B: ok"; do
  has out "$text"
done
run 3 models verify acestep-v15-base vae --checkpoint_dir hurt --json
equal "$(json_value out "[it['success'], it['exit_code'], [m['ok'] for m in it['models']]]")" '[false, 3, [false, false]]' "verdicts"
run 0 models list --checkpoint_dir hurt --json
equal "$(json_value out "sorted(m['name'] for m in it['models'] if m['state'] == 'incomplete')")" \
  '["Qwen3-Embedding-0.6B", "acestep-v15-sft", "acestep-v15-xl-turbo", "vae"]' "incomplete models"
run 0 models info acestep-v15-base --checkpoint_dir hurt
has out decoder.stranger

# --- convert: bf16 -> fp32 -> bf16 gives every number back; fp32 -> bf16 rounds to nearest even
run 0 models convert acestep-v15-xl-turbo --checkpoint_dir toy --dtype fp32 --out wide --quiet
equal "$(cat out)" wide "the path printed"
run 0 models verify ./wide --hash --json
equal "$(json_value out "it['models'][0]['hashed_files']")" 3 "digests of a conversion"
run 0 models info ./wide --json
equal "$(json_value out "[it['dtype'], it['family'], len(it['weights'])]")" '["F32", "xl-turbo", 1]' "the wide model"
equal "$(json_value wide/config.json "it['dtype']")" '"float32"' "dtype in config.json"
run 0 models convert ./wide/ --out narrow/ --json
equal "$(json_value out "[it['path'], it['dtype']]")" '["narrow", "bf16"]' "the result of convert"
python3 - toy/acestep-v15-xl-turbo narrow wide >report <<'PY'
import glob, json, struct, sys
def tensors(folder):
    result = {}
    for path in sorted(glob.glob(folder + "/*.safetensors")):
        data = open(path, "rb").read()
        length = struct.unpack("<Q", data[:8])[0]
        header = json.loads(data[8 : 8 + length])
        for name, entry in header.items():
            if name != "__metadata__":
                begin, end = entry["data_offsets"]
                result[name] = (entry["dtype"], entry["shape"], data[8 + length + begin : 8 + length + end])
    return result
original, narrow = tensors(sys.argv[1]), tensors(sys.argv[2])
print("same" if original == narrow else "different")
PY
equal "$(cat report)" same "bf16 -> fp32 -> bf16"
python3 - wide odd <<'PY'
import json, os, shutil, struct, sys
shutil.copytree(sys.argv[1], sys.argv[2])
path = sys.argv[2] + "/model.safetensors"
data = bytearray(open(path, "rb").read())
length = struct.unpack("<Q", data[:8])[0]
header = json.loads(data[8 : 8 + length])
begin, end = header["decoder.norm_out.weight"]["data_offsets"]
# ties to even, up, down, the largest finite, infinity, negative zero
bits = [0x3F808000, 0x3F818000, 0x3F808001, 0x3F807FFF, 0x7F7F0000, 0x7F800000, 0x80000000]
for i, value in enumerate(bits):
    struct.pack_into("<I", data, 8 + length + begin + 4 * i, value)
open(path, "wb").write(data)
PY
run 0 models convert ./odd --dtype bf16 --out rounded --quiet
python3 - rounded/model.safetensors >report <<'PY'
import json, struct, sys
data = open(sys.argv[1], "rb").read()
length = struct.unpack("<Q", data[:8])[0]
begin = json.loads(data[8 : 8 + length])["decoder.norm_out.weight"]["data_offsets"][0]
print(" ".join("%04x" % v for v in struct.unpack_from("<7H", data, 8 + length + begin)))
PY
equal "$(cat report)" "3f80 3f82 3f81 3f80 7f7f 7f80 8000" "rounding to bf16"
run 3 models convert ./odd --dtype fp16 --out overflow --quiet
has err "decoder.norm_out.weight"
missing overflow
run 0 models convert vae --checkpoint_dir toy --dtype fp16 --out half --quiet
run 0 models verify ./half
has out "F16"
run 6 models convert vae --checkpoint_dir toy --out half
run 2 models convert vae --checkpoint_dir toy
run 2 models convert vae --checkpoint_dir toy --dtype int8 --out never
run 3 models convert vae --out never
run 3 models convert acestep-v15-base --checkpoint_dir hurt --out never
missing never
equal "$(find . -maxdepth 1 -name '.*part*' | wc -l)" 0 "drafts left behind"
mkdir mixed
cp -r toy/* mixed
rm -r mixed/acestep-v15-xl-turbo
mv narrow mixed/acestep-v15-xl-turbo
run 0 --checkpoint_dir toy -m acestep-v15-xl-turbo --threads 1 -p x -d 10 --seed 3 --no-thinking -o a.wav --quiet
run 0 --checkpoint_dir mixed -m acestep-v15-xl-turbo --threads 1 -p x -d 10 --seed 3 --no-thinking -o b.wav --quiet
same_sound a.wav b.wav

# --- plan-download: no network, everything known
run 0 models plan-download --json
equal "$(json_value out "sum(f['bytes'] for m in it['models'] for f in m['files'])")" 10091984223 "bytes of the main set"
equal "$(json_value out "[m['is_file_list_known'] for m in it['models']]")" '[true, true, true, true]' "file lists"
run 0 models plan-download xl-base --offline
has out "only the hub knows its files: https://huggingface.co/api/models/ACE-Step/acestep-v15-xl-base/tree/main"
HF_ENDPOINT=https://mirror.example/ run 0 models plan-download vae
has out "https://mirror.example/ACE-Step/Ace-Step1.5/resolve/main/vae/config.json"
run 0 models plan-download vae --source modelscope
has out "https://www.modelscope.cn/api/v1/models/ACE-Step/Ace-Step1.5/repo?Revision=master&FilePath=vae%2Fconfig.json"
run 0 models plan-download --all --json
equal "$(json_value out "len(it['models']), len(set(m['name'] for m in it['models']))")" '[15, 15]' "models of --all"
run 3 models plan-download acestep-v16
has err "acestep-v15-turbo"

# --- download: options and environment
run 3 models download --offline
has err "offline"
HF_HUB_OFFLINE=1 run 3 models download vae --json
equal "$(json_value out "[it['success'], it['exit_code']]")" '[false, 3]' "offline in JSON"
run 3 models download no-such-model
run 2 models download vae --source usenet
run 2 models download vae --all
HF_ENDPOINT=nonsense run 2 models download vae
has err HF_ENDPOINT
ACESTEP_DOWNLOAD_SOURCE=usenet run 2 models download vae
HF_TOKEN=$'hf_se\ncret' run 2 models download vae
lacks err hf_se
nothing_in here

# --- download: from a hub that serves the tiny models
coproc hub { "$(dirname "$audio_facts")/loopback_hub" toy; }
hub_out=${hub[0]} hub_in=${hub[1]}
read -r port <&"$hub_out"
export HF_ENDPOINT=http://127.0.0.1:$port MODELSCOPE_ENDPOINT=http://127.0.0.1:$port
export HF_TOKEN=hf_secret
tell() {
  echo "$*" >&"$hub_in"
  read -r answer <&"$hub_out"
}
folder=here/acestep-v15-sft
one=(models download acestep-v15-sft --source huggingface --progress plain)
fresh() { rm -rf here; }

run 0 "${one[@]}"
equal "$(cat out)" "$work/$folder" "the path printed"
for file in config.json model.safetensors silence_latent.pt; do same "$folder/$file" "toy/acestep-v15-sft/$file"; done
run 0 models verify acestep-v15-sft --hash
has out "3 digests"
printf 'x' | dd of=$folder/silence_latent.pt bs=1 seek=3000 conv=notrunc status=none
run 3 models verify acestep-v15-sft --hash
has out "silence_latent.pt does not have the digest"
run 0 "${one[@]}"
run 0 models verify acestep-v15-sft --hash
tell requests
before=$answer
run 0 "${one[@]}" --json --progress none
is_empty err
equal "$(json_value out "[it['success'], it['fetched_bytes'], it['source']]")" '[true, 0, "huggingface"]' "nothing to do"
tell requests
equal "$answer" "$before" "files asked for when all are there"
run 0 "${one[@]}" --force --json --quiet
equal "$(json_value out "it['fetched_bytes'] == it['models'][0]['bytes']")" true "fetched again"

fresh
tell once cut 70000
tell once status 404
run 3 "${one[@]}"
missing $folder/model.safetensors
equal "$(stat -c %s $folder/model.safetensors.*.part)" 70000 "bytes of the part"
run 0 models list --json
equal "$(json_value out "[[m['state'], m['unfinished_bytes']] for m in it['models'] if m['name'] == 'acestep-v15-sft']")" '[["incomplete", 70000]]' "a stopped download"
run 0 "${one[@]}"
has err "going on at 70.0 kB"
same $folder/model.safetensors toy/acestep-v15-sft/model.safetensors

fresh
tell once cut 100000
tell once ignore-range
tell once cut 100000
tell once status 416
tell once length 5000
run 0 "${one[@]}"
run 0 models verify acestep-v15-sft --hash

fresh
tell once corrupt
run 3 "${one[@]}"
has err "digest"
missing $folder/model.safetensors
tell always redirect "$HF_ENDPOINT/ACE-Step/acestep-v15-sft/resolve/main/model.safetensors"
run 3 "${one[@]}"
has err "redirect"
tell always status 401
run 3 "${one[@]}"
has err "HF_TOKEN is not accepted"
lacks err hf_secret
HF_TOKEN='' run 3 "${one[@]}"
has err "set HF_TOKEN"
tell always status 403
run 3 "${one[@]}"
has err "accept its terms"
tell honest
missing $folder/config.json

# what the first hub cannot deliver the second may
fresh
HF_ENDPOINT=http://127.0.0.1:1 run 0 models download acestep-v15-sft --json --progress json
equal "$(json_value out "it['source']")" '"modelscope"' "the second hub"
has err '"event":"note"'
HF_ENDPOINT=http://127.0.0.1:1 MODELSCOPE_ENDPOINT=http://127.0.0.1:1 run 3 models download acestep-v15-base
has err "cannot be reached"
HF_ENDPOINT=http://127.0.0.1:1 run 3 models download acestep-v15-base --source huggingface

# proxies: the loopback hub answers as one for a host that does not exist
fresh
(
  unset no_proxy
  HF_ENDPOINT=http://hub.invalid http_proxy=http://127.0.0.1:$port run 0 "${one[@]}"
  http_proxy=http://127.0.0.1:1 run 3 "${one[@]}" --force
  has err "port 1"
  http_proxy=http://127.0.0.1:1 no_proxy=127.0.0.1 run 0 "${one[@]}" --force
  [ "$failures" -eq 0 ]
) || fail "proxies"
same $folder/model.safetensors toy/acestep-v15-sft/model.safetensors

# names in part, another folder, the whole way to a song
run 0 models download 0.6B SFT --dir other --quiet
is_empty err
same other/acestep-v15-sft/config.json toy/acestep-v15-sft/config.json
missing other/vae
run 0 models download acestep-v15-turbo vae Qwen3-Embedding-0.6B acestep-5Hz-lm-0.6B --quiet
run 0 models verify --hash
run 0 --threads 1 -p x -d 10 --seed 3 -o song.wav --quiet
run 0 --threads 1 -p x -d 10 --seed 3 -o original.wav --quiet --checkpoint_dir toy
same song.wav original.wav
run 3 models download --quiet # the toy hub lacks the 1.7B
has err "acestep-5Hz-lm-1.7B"

# Ctrl-C keeps the part; killed again and again, nothing wrong gets a name
fresh
tell once stall 30000
"$acestep" "${one[@]}" >out 2>err &
child=$!
for _ in $(seq 100); do
  [ "$(stat -c %s $folder/model.safetensors.*.part 2>/dev/null)" = 30000 ] && break
  sleep 0.05
done
kill -INT $child
wait $child
expect_code $? 130 "Ctrl-C while downloading"
equal "$(stat -c %s $folder/model.safetensors.*.part)" 30000 "bytes kept"
missing $folder/model.safetensors
run 0 "${one[@]}"
has err "going on at 30.0 kB"
fresh
for i in 1 2 3 4 5 6 7 8; do
  "$acestep" "${one[@]}" >out 2>err &
  child=$!
  sleep "0.0$((i * 2 % 10))"
  kill -KILL $child
  wait $child 2>/dev/null
  for file in config.json model.safetensors silence_latent.pt; do
    [ ! -e $folder/$file ] || same $folder/$file toy/acestep-v15-sft/$file
  done
done
run 0 "${one[@]}"
"$acestep" models download acestep-v15-base --source huggingface --quiet >out 2>err &
run 0 models download acestep-v15-base --source huggingface --quiet
wait $!
expect_code $? 0 "two downloads at once"
run 0 models verify --hash
tell tokens
equal "$answer" "[][hf_secret]" "tokens seen (none by the second hub)"

# --- remove
run 2 models remove acestep-v15-base
has err "--yes"
run 3 models remove acestep-v15-trubo --yes
run 2 models remove ../toy/vae --yes
run 2 models remove "$work/toy" --yes
ln -s "$work/toy/vae" here/vae
mkdir here/songs
run 3 models remove vae --yes
run 3 models remove songs --yes
run 0 models remove acestep-v15-base --yes --json
equal "$(json_value out "it['success']")" true "removed"
missing here/acestep-v15-base
cp -r toy/acestep-v15-base here
ACESTEP_YES=1 run 0 models remove acestep-v15-base
missing here/acestep-v15-base
[ -e here/songs ] && [ -e toy/vae/config.json ] || fail "removed too much"

run 2 models remove vae --yes --checkpoint_dir tiny
run 2 models download vae --checkpoint_dir tiny

# --- no other command opens a connection
if strace -o /dev/null true 2>/dev/null; then
  run_traced() { strace -f -qq -e trace=socket,connect -o trace "$acestep" "$@" >out 2>err </dev/null; }
  run_traced --checkpoint_dir toy --threads 1 -p x -d 10 --seed 3 -o traced.wav --quiet
  expect_code $? 0 "generate under strace"
  is_empty trace
  run_traced models plan-download --checkpoint_dir toy --quiet
  is_empty trace
  run_traced models download --offline
  is_empty trace
else
  echo "strace is missing or may not trace: that generate opens no socket is not checked"
fi

exec {hub_in}>&-
finish
