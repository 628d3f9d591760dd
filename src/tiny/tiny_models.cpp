#include "tiny/tiny_models.h"

#include <ATen/ATen.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "tiny/tiny_dit.h"
#include "tiny/tiny_qwen.h"
#include "tiny/tiny_tokenizer.h"
#include "tiny/tiny_vae.h"
#include "util/atomic_file.h"
#include "util/error.h"
#include "util/split_mix.h"
#include "weights/safetensors_writer.h"
#include "weights/seeded_source.h"
#include "weights/tensor_file_writer.h"
#include "weights/torch_archive.h"

namespace acestep::tiny {
namespace {

namespace fs = std::filesystem;
using Tensors = std::map<std::string, at::Tensor>;

// As published: 600 s of latent frames at 25 Hz.
constexpr int64_t kSilenceFrames = 15000;
constexpr int64_t kLatentChannels = 64;
constexpr float kSilenceSpread = 0.5F;
constexpr size_t kXlShards = 2;

const weights::SafetensorsOptions kOptions = {.metadata = {{"format", "pt"}}};

Tensors make_tensors(TensorPlan plan, uint64_t seed, const std::string& folder_name) {
  const weights::SeededSource source(util::seed_for(seed, folder_name), plan.take());
  Tensors tensors;
  for (const std::string& name : source.names()) tensors.emplace(name, source.tensor(name));
  return tensors;
}

void write_json(const fs::path& file, const nlohmann::json& json) {
  util::write_atomically(file, json.dump(2) + "\n");
}

std::string shard_name(size_t shard) {
  return "model-0000" + std::to_string(shard + 1) + "-of-0000" + std::to_string(kXlShards) +
         ".safetensors";
}

// The published layout of checkpoints too large for one file.
void write_shards(const fs::path& folder, const Tensors& tensors) {
  std::vector<Tensors> shards(kXlShards);
  nlohmann::json weight_map = nlohmann::json::object();
  size_t total_bytes = 0;
  size_t place = 0;
  for (const auto& [name, tensor] : tensors) {
    const size_t shard = place++ * kXlShards / tensors.size();
    shards[shard].emplace(name, tensor);
    weight_map[name] = shard_name(shard);
    total_bytes += tensor.nbytes();
  }
  for (size_t i = 0; i < kXlShards; ++i) {
    weights::write_tensors(folder / shard_name(i), shards[i], kOptions);
  }
  write_json(folder / "model.safetensors.index.json",
             {{"metadata", {{"total_size", total_bytes}}}, {"weight_map", weight_map}});
}

std::string silence_file(uint64_t seed) {
  constexpr const char* kName = "silence_latent";
  const weights::SeededSource source(
      seed, {{kName, {{at::kFloat, {1, kLatentChannels, kSilenceFrames}}, 0.0F, kSilenceSpread}}});
  const at::Tensor silence = source.tensor(kName);
  return weights::write_torch_archive(
      {kName,
       weights::StoredType::kF32,
       silence.sizes().vec(),
       {static_cast<const std::byte*>(silence.const_data_ptr()), silence.nbytes()}});
}

void write_dits(const fs::path& root, uint64_t seed, const std::vector<DitSizes>& dits) {
  const std::string silence = silence_file(seed);
  for (const DitSizes& sizes : dits) {
    const fs::path folder = root / sizes.folder;
    fs::create_directory(folder);
    write_json(folder / "config.json", dit_config(sizes));
    const Tensors tensors = make_tensors(dit_tensors(sizes), seed, sizes.folder);
    if (sizes.is_xl) {
      write_shards(folder, tensors);
    } else {
      weights::write_tensors(folder / "model.safetensors", tensors, kOptions);
    }
    util::write_atomically(folder / "silence_latent.pt", silence);
  }
}

Tensors qwen_weights(const fs::path& folder, const QwenSizes& sizes, uint64_t seed) {
  return make_tensors(qwen_tensors(sizes), seed, folder.filename().string());
}

// A model of noise would fill a caption up to the token limit, and write codes without end where no
// duration is known. Here every token carries the first channel; line breaks and colons answer to
// it through the tied head, and the end of turn a little: captions end, and so do codes, after
// about 30 s.
void make_terse(Tensors& tensors, const TinyTokenizer& tokenizer) {
  constexpr double kCarried = 1.5;
  constexpr double kAnswer = 6.0;
  constexpr double kEndAnswer = 4.8;
  const at::Tensor table = tensors.at("model.embed_tokens.weight");
  table.select(1, 0).fill_(kCarried);
  for (const char character : {'\n', ':'}) table[tokenizer.id_of(character)][0].fill_(kAnswer);
  table[tokenizer.end_of_turn_id()][0].fill_(kEndAnswer);
}

void write_qwen(const fs::path& folder, const QwenSizes& sizes, const Tensors& tensors) {
  fs::create_directory(folder);
  write_json(folder / "config.json", qwen_config(sizes));
  weights::write_tensors(folder / "model.safetensors", tensors, kOptions);
}

void write_language_models(const fs::path& root, uint64_t seed, const ModelSizes& models) {
  const TinyTokenizer tokenizer;
  QwenSizes sizes{.prefix = "model.",
                  .vocab_size = tokenizer.size(TokenizerKind::kLanguageModel),
                  .end_of_text_id = tokenizer.end_of_text_id(),
                  .end_of_turn_id = tokenizer.end_of_turn_id()};
  const fs::path lm = root / "acestep-5Hz-lm-0.6B";
  Tensors tensors = qwen_weights(lm, sizes, seed);
  make_terse(tensors, tokenizer);
  write_qwen(lm, sizes, tensors);
  tokenizer.write(lm, TokenizerKind::kLanguageModel);
  write_json(lm / "generation_config.json",
             {{"bos_token_id", sizes.end_of_text_id},
              {"eos_token_id", {sizes.end_of_turn_id, sizes.end_of_text_id}},
              {"pad_token_id", sizes.end_of_text_id}});

  sizes.prefix = "";
  sizes.vocab_size = tokenizer.size(TokenizerKind::kTextEncoder);
  sizes.end_of_turn_id = sizes.end_of_text_id;
  sizes.layer = models.text_encoder;
  sizes.layers = models.text_encoder_layers;
  const fs::path encoder = root / "Qwen3-Embedding-0.6B";
  write_qwen(encoder, sizes, qwen_weights(encoder, sizes, seed));
  tokenizer.write(encoder, TokenizerKind::kTextEncoder);
}

void write_vae(const fs::path& root, uint64_t seed) {
  const fs::path folder = root / "vae";
  fs::create_directory(folder);
  write_json(folder / "config.json", vae_config());
  weights::write_tensors(folder / "diffusion_pytorch_model.safetensors",
                         make_tensors(vae_tensors(), seed, "vae"), kOptions);
}

void prepare_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  const bool is_ready = !error && fs::is_directory(folder, error) && fs::is_empty(folder, error);
  if (error || !is_ready) {
    throw Error(ErrorCode::kOutput,
                folder.string() + ": cannot hold the tiny models: " +
                    (error ? error.message() : "it is not an empty folder"),
                "Choose a folder that does not exist yet.");
  }
}

}  // namespace

void write_tiny_models(const fs::path& folder, uint64_t seed) { write_models(folder, seed, {}); }

ModelSizes proportioned_sizes() {
  const TransformerSizes sizes = {
      .hidden = 256, .intermediate = 768, .heads = 16, .kv_heads = 8, .head_dim = 16};
  return {.dits = {{.folder = "acestep-v15-turbo",
                    .version = "turbo",
                    .is_turbo = true,
                    .decoder = sizes,
                    .encoder = sizes,
                    .decoder_layers = 20,
                    .lyric_layers = 3,
                    .text_hidden = sizes.hidden}},
          .text_encoder = sizes,
          .text_encoder_layers = 5};
}

void write_models(const fs::path& folder, uint64_t seed, const ModelSizes& sizes) {
  prepare_folder(folder);
  write_dits(folder, seed, sizes.dits);
  write_language_models(folder, seed, sizes);
  write_vae(folder, seed);
}

}  // namespace acestep::tiny
