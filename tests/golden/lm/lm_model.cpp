#include "golden/lm/lm_model.h"

#include <ATen/ATen.h>

#include "golden/load.h"
#include "weights/safetensors_source.h"
#include "weights/weight_scope.h"

namespace acestep::golden {
namespace {

uint64_t mix(uint64_t z) {
  z ^= z >> 30;
  z *= 0xBF58476D1CE4E5B9ULL;
  z ^= z >> 27;
  z *= 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

models::Qwen3Lm load_model(const weights::TensorSource& source, const std::filesystem::path& folder,
                           const lm::TokenTables& tables) {
  weights::WeightReader reader(source, {.device = at::kCPU, .dtype = at::kFloat},
                               "the language model");
  const models::HeadWindow window{tables.first_audio(), tables.last_audio(), tables.end_of_turn()};
  models::Qwen3Lm model(reader.root(), models::read_qwen3_config(folder / "config.json"), window);
  reader.finish();
  return model;
}

}  // namespace

std::filesystem::path lm_folder(const Case& the_case, const std::string& key) {
  const nlohmann::json set = read_json(the_case.folder / "set.json");
  return (the_case.checkpoints / set.at(key).get<std::string>()).lexically_normal();
}

GoldenLm::GoldenLm(const std::filesystem::path& folder, int max_duration_seconds)
    : source(weights::open_model_folder(folder)),
      tokenizer(folder),
      tables(tokenizer, models::read_qwen3_config(folder / "config.json").vocab_size,
             max_duration_seconds, at::kCPU),
      model(load_model(*source, folder, tables)) {}

at::Tensor hash_logits(uint64_t seed, uint64_t step, int64_t vocab_size) {
  constexpr uint64_t kGolden = 0x9E3779B97F4A7C15ULL;
  const uint64_t key = mix(seed * 1000003ULL + step + kGolden);
  at::Tensor row = at::empty({vocab_size}, at::TensorOptions().dtype(at::kFloat).device(at::kCPU));
  float* values = row.data_ptr<float>();
  for (int64_t id = 0; id < vocab_size; ++id) {
    const uint64_t bits = mix(key ^ (static_cast<uint64_t>(id) * kGolden)) >> 40;
    values[id] = static_cast<float>(bits) * 0x1p-21F - 4.0F;
  }
  return row;
}

}  // namespace acestep::golden
