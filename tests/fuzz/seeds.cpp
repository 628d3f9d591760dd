#include "fuzz/seeds.h"

#include "unit/audio/encoded_sounds.h"
#include "unit/text/tokenizer_folder.h"
#include "unit/weights/hostile_bytes.h"
#include "weights/tensor_pickle.h"
#include "weights/torch_archive.h"

namespace acestep::fuzz {
namespace {

using nlohmann::json;

// Opens the fixture's builder.
class SmallTokenizer : public text::TokenizerFolder {
 public:
  using TokenizerFolder::tokenizer_json;
};

}  // namespace

std::string safetensors_seed() {
  return testing::safetensors(
      R"({"__metadata__":{"format":"pt"},)"
      R"("layers.0.weight":{"dtype":"BF16","shape":[4,8],"data_offsets":[0,64]},)"
      R"("layers.0.bias":{"dtype":"F32","shape":[8],"data_offsets":[64,96]},)"
      R"("scalar":{"dtype":"I64","shape":[],"data_offsets":[96,104]},)"
      R"("empty":{"dtype":"U8","shape":[0,3],"data_offsets":[104,104]}}  )",
      104);
}

std::string torch_tensor_seed() {
  const std::string values(2 * 3 * 4, '\x3f');
  return weights::write_torch_archive(
      {"silence_latent", weights::StoredType::kF32, {1, 2, 3}, testing::as_span(values)});
}

std::string tensor_pickle_seed() {
  return weights::write_tensor_pickle({.type = weights::StoredType::kBF16,
                                       .storage = "0",
                                       .storage_elements = 70'000,
                                       .offset = 0,
                                       .shape = {1, 64, 500},
                                       .strides = {32'000, 500, 1}});
}

std::string tokenizer_json_seed() {
  json content = SmallTokenizer::tokenizer_json();
  content["post_processor"] = {
      {"type", "TemplateProcessing"},
      {"single", {{{"SpecialToken", {{"id", "<|end|>"}}}}, {{"Sequence", {{"id", "A"}}}}}},
      {"special_tokens", {{"<|end|>", {{"ids", {259}}}}}}};
  return content.dump();
}

std::string tokenizer_config_seed() {
  const json added = {{"content", "<|end|>"}, {"special", true}, {"normalized", false}};
  const json pad = {{"content", "<|pad|>"}, {"special", true}, {"normalized", false}};
  return json({{"eos_token", "<|end|>"},
               {"pad_token", {{"content", "<|pad|>"}}},
               {"additional_special_tokens", {"<|end|>"}},
               {"added_tokens_decoder", {{"259", added}, {"260", pad}}}})
      .dump();
}

std::string vocabulary_seed() { return SmallTokenizer::tokenizer_json()["model"]["vocab"].dump(); }

std::string merges_seed() { return "#version: 0.2\na b\nab c\n\xC3\x83 \xC2\xA9\n"; }

std::vector<std::string> audio_seeds() {
  std::vector<std::string> seeds;
  for (const audio::EncodedSound& sound : audio::encoded_sounds(400)) {
    seeds.emplace_back(reinterpret_cast<const char*>(sound.bytes.data()), sound.bytes.size());
  }
  return seeds;
}

std::string adapter_config_seed() {
  return R"({"peft_type": "LORA", "r": 4, "lora_alpha": 8, "use_rslora": true, "use_dora": false,
    "rank_pattern": {"q_proj": 2}, "alpha_pattern": {"layers.0.self_attn.q_proj": 3.5},
    "bias": "none", "modules_to_save": null, "fan_in_fan_out": false, "layer_replication": null,
    "target_modules": ["q_proj"]})";
}

std::string request_json_seed() {
  return R"({"params":{"caption":"bright folk, caf\u00e9","lyrics":"[verse]\nla","bpm":90,)"
         R"("keyscale":"Am","timesignature":"3/4","duration":30.5,"vocal_language":"en",)"
         R"("inference_steps":8,"guidance_scale":7.0,"shift":3.0,"seed":42,"thinking":true,)"
         R"("lm_temperature":0.85,"lm_top_k":0,"lm_top_p":0.9,"infer_method":"ode"},"config":{"batch_size":2,"seeds":[1,2],)"
         R"("audio_format":"flac","use_random_seed":false}})";
}

std::string acestep_cpp_seed() {
  return R"({"caption": "x", "lyrics": "[Instrumental]", "bpm": 0, "lm_batch_size": 2,
    "synth_batch_size": 3, "audio_codes": "12,7", "dcw_scaler": 0.1, "dcw_mode": "low",
    "custom_timesteps": "0.97,0.5,0", "task_type": "text2music", "track": "", "solver": "sde",
    "stork_substeps": 10, "lm_mode": "generate", "output_format": "wav24", "peak_clip": 0,
    "mp3_bitrate": 192, "synth_model": "acestep-v15-turbo-Q8_0.gguf", "lm_model": "",
    "vae": "vae-BF16.gguf", "adapter": "", "adapter_scale": 1.0, "vocal_language": "unknown"})";
}

std::string reference_sidecar_seed() {
  return R"({"caption": "x", "prompt": "y", "vocal_language": ["en", "fr"], "bpm": "N/A",
    "audio_format": "wma", "mp3_bitrate": "64k", "mp3_sample_rate": 22050, "thinking": true,
    "audio_codes": "<|audio_code_5|>", "lora_loaded": true, "use_lora": true, "lora_scale": 0.5,
    "lora_weights_hash": "ab", "complete_track_classes": [], "retake_seed_value": 3,
    "session_artifact_file": "a.json", "timesteps": null})";
}

std::string env_file_seed() {
  return "# c\n\nexport A='1\n2' # c\r\nB=\"\\n\\t\\\"$X\"\nC = d#e # f\nD=\n_E2=\"é\"";
}

std::string huggingface_list_seed() {
  return R"([{"type": "directory", "oid": "0", "size": 0, "path": "vae"},
    {"type": "file", "oid": "ce013625030ba8dba906f756967f9e9ca394464a", "size": 425,
     "path": "vae/config.json"},
    {"type": "file", "oid": "1", "size": 337431388, "path": "vae/a.safetensors", "lfs":
     {"oid": "da17edb604c40deaf09e9b24974e590d1ca83a374070e5d0884cfa4bed9a99b0",
      "size": 337431388, "pointerSize": 134}},
    {"type": "file", "oid": "2", "size": 9, "path": "README.md"},
    {"type": "file", "oid": "3", "size": 9, "path": "vae/code.py"}])";
}

std::string modelscope_list_seed() {
  return R"({"Code": 200, "Success": true, "Data": {"Files": [
    {"Type": "tree", "Path": "vae", "Size": 0},
    {"Type": "blob", "Path": "vae/config.json", "Size": 425, "Sha256":
     "da17edb604c40deaf09e9b24974e590d1ca83a374070e5d0884cfa4bed9a99b0"},
    {"Type": "blob", "Path": "README.md", "Size": 9, "Sha256": ""}]}})";
}

std::string http_head_seed() {
  return "HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\nHTTP/2 206\r\nContent-Length: 5\r\n"
         "Content-Range: bytes 5-9/10\r\nLink: <https://h/2>; rel=\"next\"\r\nRetry-After: 7\r\n";
}

std::string request_toml_seed() {
  return "# a song\ncaption = \"bright folk, caf\\u00e9\"\nlyrics = \"\"\"\n[verse]\nla\n\"\"\"\n"
         "bpm = 90\nkeyscale = 'Am'\ntimesignature = 3\nduration = 30.5\nseeds = [1, 2,]\n"
         "thinking = true\n[defaults]\nshift = 3.0\nbatch_size = 2\n[generate]\n"
         "inference_steps = 0x8\nlm_temperature = 8.5e-1\n";
}

}  // namespace acestep::fuzz
