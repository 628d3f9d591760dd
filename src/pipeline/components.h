// The models of a session, each loaded when first asked for and released when its stage is over.
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <optional>

#include "device/compute.h"
#include "lm/token_tables.h"
#include "models/audio_detokenizer.h"
#include "models/audio_tokenizer.h"
#include "models/condition_encoder.h"
#include "models/dit.h"
#include "models/dit_config.h"
#include "models/oobleck_config.h"
#include "models/oobleck_decoder.h"
#include "models/qwen3_lm.h"
#include "models/text_encoder.h"
#include "pipeline/model_folders.h"
#include "text/tokenizer.h"
#include "weights/weight_scope.h"

namespace acestep::pipeline {

// What turns words and codes into conditions.
struct ConditionModels {
  text::Tokenizer tokenizer;
  models::TextEncoder text_encoder;
  models::ConditionEncoder condition_encoder;
  models::AudioTokenizer audio_tokenizer;
  models::AudioDetokenizer audio_detokenizer;
};

// Immovable: the tables refer to the tokenizer.
struct LanguageModel {
  LanguageModel(const ModelFolder& folder, const weights::Placement& placement);
  LanguageModel(const LanguageModel&) = delete;
  LanguageModel& operator=(const LanguageModel&) = delete;

  text::Tokenizer tokenizer;
  models::Qwen3Config config;
  lm::TokenTables tables;
  models::Qwen3Lm model;
};

struct DiffusionModel {
  models::Dit dit;
  at::Tensor null_condition;  // [1, 1, H]: stands for "no condition" under guidance
};

// The longest duration the language model may choose by itself, in seconds
// (reference: gpu_config.py, its lowest tier, which is what it runs on a CPU machine).
inline constexpr int kLmDurationLimitSeconds = 240;

// How the linear layers of the two large models are held.
struct Quantization {
  weights::LinearWeights dit = weights::LinearWeights::kDense;
  weights::LinearWeights language_model = weights::LinearWeights::kDense;
};

// Are models that a stage has released kept for the next request?
enum class Retention { kRelease, kKeep };

// References stay valid until the matching release. Throws Error kModel from any accessor when
// files are broken. Not thread-safe.
class Components {
 public:
  Components(ModelFolders folders, const device::ComputeDevice& device,
             const device::Precision& precision, Retention retention = Retention::kRelease,
             const Quantization& quantization = {});

  const LanguageModel& language_model();
  const ConditionModels& condition_models();
  const DiffusionModel& diffusion_model();
  const models::OobleckDecoder& decoder();

  void release_language_model() { release(language_model_); }
  void release_condition_models() { release(condition_models_); }
  void release_diffusion_model() { release(diffusion_model_); }
  void release_decoder() { release(decoder_); }

  // What quantisation did to the model that was loaded last; no layers where it does nothing.
  const weights::QuantizedCount& quantized_dit() const { return quantized_dit_; }
  const weights::QuantizedCount& quantized_language_model() const { return quantized_lm_; }

  // Seconds spent on loading so far.
  double load_seconds() const { return load_seconds_; }

  const models::DitConfig& dit_config() const { return dit_config_; }
  const models::OobleckConfig& vae_config() const { return vae_config_; }
  // The DiT's idea of silence, [1, T, 64], on the models' device and in their activation type.
  at::Tensor silence() const { return silence_.to(device_, precision_.activations); }
  const ModelFolders& folders() const { return folders_; }
  at::Device device() const { return device_; }
  const device::Precision& precision() const { return precision_; }
  // After fp16 overflowed: everything loaded from here on is float32, until restore_precision().
  void fall_back_to_float32();
  // Back to the precision it was made with; nothing happens where it never left it.
  void restore_precision();

 private:
  template <typename Model>
  void release(std::unique_ptr<Model>& model) {
    if (retention_ == Retention::kRelease) model.reset();
  }
  void reload_in(const device::Precision& precision);

  weights::Placement placement() const { return {.device = device_, .dtype = precision_.weights}; }
  // `count` is emptied first.
  weights::Placement placement(weights::LinearWeights linear, weights::QuantizedCount& count) const;

  ModelFolders folders_;
  at::Device device_;
  device::Precision precision_;
  device::Precision first_precision_;
  Retention retention_;
  Quantization quantization_;
  weights::QuantizedCount quantized_dit_;
  weights::QuantizedCount quantized_lm_;
  models::DitConfig dit_config_;
  models::OobleckConfig vae_config_;
  at::Tensor silence_;
  double load_seconds_ = 0.0;
  std::unique_ptr<LanguageModel> language_model_;
  std::unique_ptr<ConditionModels> condition_models_;
  std::unique_ptr<DiffusionModel> diffusion_model_;
  std::unique_ptr<models::OobleckDecoder> decoder_;
};

}  // namespace acestep::pipeline
