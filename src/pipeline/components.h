// The models of a session, each leased by the stage that works with it.
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <vector>

#include "adapters/adapter_choice.h"
#include "device/compute.h"
#include "lm/token_tables.h"
#include "memory/component.h"
#include "memory/move_log.h"
#include "models/audio_detokenizer.h"
#include "models/audio_tokenizer.h"
#include "models/condition_encoder.h"
#include "models/dit.h"
#include "models/dit_config.h"
#include "models/oobleck_config.h"
#include "models/oobleck_decoder.h"
#include "models/oobleck_encoder.h"
#include "models/qwen3_lm.h"
#include "models/text_encoder.h"
#include "nn/weight_visitor.h"
#include "pipeline/model_folders.h"
#include "pipeline/run_options.h"
#include "plan/song_models.h"
#include "text/tokenizer.h"
#include "weights/weight_scope.h"

namespace acestep::pipeline {

// What turns words into states.
struct TextModel {
  text::Tokenizer tokenizer;
  models::TextEncoder encoder;

  void visit_weights(const nn::WeightVisitor& visit) { encoder.visit_weights(visit); }
};

// The parts of a DiT folder that make conditions of them, and of codes.
struct DitEncoders {
  models::ConditionEncoder condition;
  models::AudioTokenizer tokenizer;
  models::AudioDetokenizer detokenizer;

  void visit_weights(const nn::WeightVisitor& visit);
};

// Immovable: the tables refer to the tokenizer.
struct LanguageModel {
  // max_seconds: the longest duration that it may choose by itself.
  LanguageModel(const ModelFolder& folder, const weights::Placement& placement, int max_seconds);
  LanguageModel(const LanguageModel&) = delete;
  LanguageModel& operator=(const LanguageModel&) = delete;

  text::Tokenizer tokenizer;
  models::Qwen3Config config;
  lm::TokenTables tables;
  models::Qwen3Lm model;

  void visit_weights(const nn::WeightVisitor& visit) { model.visit_weights(visit); }
};

struct DiffusionModel {
  models::Dit dit;
  at::Tensor null_condition;  // [1, 1, H]: stands for "no condition" under guidance

  void visit_weights(const nn::WeightVisitor& visit);
  void visit_outside_blocks(const nn::WeightVisitor& visit);
  void visit_block(int64_t index, const nn::WeightVisitor& visit) { dit.visit_block(index, visit); }
  int64_t blocks() const { return dit.blocks(); }
};

// How the linear layers of the two large models are held.
struct Quantization {
  weights::LinearWeights dit = weights::LinearWeights::kDense;
  weights::LinearWeights language_model = weights::LinearWeights::kDense;
};

// A model is loaded when it is first leased; the memory policy says what becomes of it when the
// lease ends. Folders of models that are never leased may be absent. Leases throw Error kModel when
// files are broken, c10::OutOfMemoryError when the device has no room. Immovable and not
// thread-safe.
class Components {
 public:
  Components(ModelFolders folders, const device::ComputeDevice& device,
             const device::Precision& precision, const MemoryPolicy& policy = {},
             const Quantization& quantization = {},
             std::vector<adapters::AdapterChoice> adapters = {});
  Components(const Components&) = delete;
  Components& operator=(const Components&) = delete;

  memory::Lease<LanguageModel> language_model() { return language_model_.lease(); }
  memory::Lease<TextModel> text_model() { return text_model_.lease(); }
  memory::Lease<DitEncoders> dit_encoders() { return dit_encoders_.lease(); }
  memory::Lease<DiffusionModel> diffusion_model() { return diffusion_model_.lease(); }
  // On the device, or by the policy on the CPU.
  memory::Lease<models::OobleckDecoder> decoder() { return decoder_.lease(); }
  memory::Lease<models::OobleckEncoder> encoder() { return encoder_.lease(); }
  // On the CPU whatever the policy.
  memory::Lease<models::OobleckDecoder> host_decoder() { return host_decoder_.lease(); }
  memory::Lease<models::OobleckEncoder> host_encoder() { return host_encoder_.lease(); }
  // On the device whatever the policy; it leaves a card with its lease.
  memory::Lease<models::OobleckDecoder> preview_decoder() {
    return device_.is_cpu() ? decoder_.lease() : preview_decoder_.lease();
  }

  // Measures against a lack of memory, in force from now on. They say whether they are new. Nobody
  // may work with the models that stream or move.
  bool offload_idle();  // models leave the device when nobody works with them
  bool stream_dit_blocks();
  bool move_language_model_to_cpu();
  bool move_conditioning_to_cpu();
  // Gives up everything unless the policy keeps models between requests.
  void end_request();

  // What quantisation did to the model that was loaded last; no layers where it does nothing.
  const weights::QuantizedCount& quantized_dit() const { return quantized_dit_; }
  const weights::QuantizedCount& quantized_language_model() const { return quantized_lm_; }

  // Seconds spent on loading and moving so far.
  double load_seconds() const { return load_seconds_; }
  memory::MoveLog& move_log() { return move_log_; }

  const models::DitConfig& dit_config() const { return dit_config_; }
  const models::OobleckConfig& vae_config() const { return vae_config_; }
  // The DiT's idea of silence, [1, T, 64], where text is encoded, in the models' activation type.
  at::Tensor silence() const { return silence_.to(condition_device(), precision_.activations); }
  // Where text and codes are encoded.
  at::Device condition_device() const { return text_model_.options().device; }
  at::Device decode_device() const { return decoder_.options().device; }
  at::Device encode_device() const { return encoder_.options().device; }
  // Of one song's sound, float32.
  uint64_t waveform_bytes(int64_t frames) const;
  // Of the device, that decoding takes for one tile beside the VAE's weights.
  uint64_t decode_bytes(int64_t tile_frames) const;
  // The same of encoding one window of so many latent frames.
  uint64_t encode_bytes(int64_t window_frames) const;
  const ModelFolders& folders() const { return folders_; }
  at::Device device() const { return device_; }
  const device::Precision& precision() const { return precision_; }
  const MemoryPolicy& policy() const { return policy_; }
  // After fp16 overflowed: everything loaded from here on is float32, until restore_precision().
  void fall_back_to_float32();
  // Back to the precision it was made with; nothing happens where it never left it.
  void restore_precision();

 private:
  enum class Leaves { kWithDit, kWhenIdle };  // what takes a model off the device

  memory::ComponentOptions options_for(const char* name, at::Device device, Leaves leaves) const;
  weights::Placement placement(at::Device device, at::Device home) const;
  // `count` is emptied first.
  weights::Placement placement(at::Device device, at::Device home, weights::LinearWeights linear,
                               weights::QuantizedCount& count) const;
  std::unique_ptr<LanguageModel> load_language_model(at::Device home);
  std::unique_ptr<TextModel> load_text_model(at::Device home) const;
  std::unique_ptr<DitEncoders> load_dit_encoders(at::Device home) const;
  std::unique_ptr<DiffusionModel> load_diffusion_model(at::Device home);
  std::unique_ptr<models::OobleckDecoder> load_decoder(at::Device device, at::Device home) const;
  std::unique_ptr<models::OobleckEncoder> load_encoder(at::Device device, at::Device home) const;
  void reload_in(const device::Precision& precision);
  void unload_all();
  at::Device device_unless(bool is_on_cpu) const {
    return is_on_cpu ? at::Device(at::kCPU) : device_;
  }

  ModelFolders folders_;
  std::vector<adapters::AdapterChoice> adapters_;  // of the DiT's folder
  at::Device device_;
  device::Precision precision_;
  device::Precision first_precision_;
  MemoryPolicy policy_;
  Quantization quantization_;
  weights::QuantizedCount quantized_dit_;
  weights::QuantizedCount quantized_lm_;
  models::DitConfig dit_config_;
  models::OobleckConfig vae_config_;
  plan::VaeFacts vae_facts_;
  at::Tensor silence_;
  double load_seconds_ = 0.0;
  memory::MoveLog move_log_;
  memory::Component<LanguageModel> language_model_;
  memory::Component<TextModel> text_model_;
  memory::Component<DitEncoders> dit_encoders_;
  memory::Component<DiffusionModel> diffusion_model_;
  memory::Component<models::OobleckDecoder> decoder_;
  memory::Component<models::OobleckDecoder> host_decoder_;
  memory::Component<models::OobleckEncoder> encoder_;
  memory::Component<models::OobleckEncoder> host_encoder_;
  memory::Component<models::OobleckDecoder> preview_decoder_;
};

}  // namespace acestep::pipeline
