#include "pipeline/model_check.h"

#include "models/audio_detokenizer.h"
#include "models/audio_tokenizer.h"
#include "models/condition_encoder.h"
#include "models/dit.h"
#include "models/dit_config.h"
#include "models/dit_parts.h"
#include "models/oobleck_config.h"
#include "models/oobleck_decoder.h"
#include "models/oobleck_encoder.h"
#include "models/qwen3_config.h"
#include "models/qwen3_lm.h"
#include "models/text_encoder.h"
#include "text/tokenizer.h"
#include "weights/safetensors_source.h"
#include "weights/torch_tensor_file.h"
#include "weights/weight_scope.h"

namespace acestep::pipeline {
namespace {

namespace fs = std::filesystem;
using weights::WeightScope;

// take(root scope) takes every tensor of the folder.
template <typename Take>
void check_tensors(const fs::path& folder, Take take) {
  const auto source = weights::open_model_folder(folder);
  weights::WeightReader reader(*source, {.device = at::kMeta, .dtype = at::kFloat},
                               folder.filename().string());
  take(reader.root());
  reader.finish();
}

void check_dit(const fs::path& folder) {
  const models::DitConfig config = models::read_dit_config(folder);
  check_tensors(folder, [&](const WeightScope& root) {
    models::Dit(root.scope(models::dit_part::kDecoder), config);
    models::ConditionEncoder(root.scope(models::dit_part::kEncoder), config);
    models::AudioTokenizer(root.scope(models::dit_part::kTokenizer), config);
    models::AudioDetokenizer(root.scope(models::dit_part::kDetokenizer), config);
    models::take_null_condition(root, config);
  });
  weights::read_silence_latent(folder / "silence_latent.pt");
}

void check_language_model(const fs::path& folder) {
  const auto config = models::read_qwen3_config(folder / "config.json");
  check_tensors(folder, [&](const WeightScope& root) { models::Qwen3Lm(root, config); });
  const text::Tokenizer tokenizer(folder);
}

void check_text_encoder(const fs::path& folder) {
  const auto config = models::read_qwen3_config(folder / "config.json");
  check_tensors(folder, [&](const WeightScope& root) { models::TextEncoder(root, config); });
  const text::Tokenizer tokenizer(folder);
}

void check_vae(const fs::path& folder) {
  const auto config = models::read_oobleck_config(folder / "config.json");
  check_tensors(folder, [&](const WeightScope& root) {
    models::OobleckDecoder(root.scope("decoder"), config);
    models::OobleckEncoder(root.scope("encoder"), config);
  });
}

}  // namespace

void check_model(hub::ModelKind kind, const fs::path& folder) {
  switch (kind) {
    case hub::ModelKind::kDit:
      return check_dit(folder);
    case hub::ModelKind::kLanguageModel:
      return check_language_model(folder);
    case hub::ModelKind::kTextEncoder:
      return check_text_encoder(folder);
    case hub::ModelKind::kVae:
      return check_vae(folder);
  }
}

}  // namespace acestep::pipeline
