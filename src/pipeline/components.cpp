#include "pipeline/components.h"

#include <ATen/ATen.h>
#include <spdlog/spdlog.h>

#include <utility>

#include "adapters/merged_source.h"
#include "models/dit_parts.h"
#include "pipeline/model_facts.h"
#include "plan/memory_estimate.h"
#include "weights/bind.h"
#include "weights/safetensors_source.h"
#include "weights/torch_tensor_file.h"

namespace acestep::pipeline {
namespace {

using models::dit_part::kDecoder;
using models::dit_part::kDetokenizer;
using models::dit_part::kEncoder;
using models::dit_part::kNullCondition;
using models::dit_part::kTokenizer;

// Builds `make(root scope)` from a folder's weights once all of them are known to fit.
template <typename Make>
auto load(const ModelFolder& folder, const weights::Placement& placement,
          const std::vector<std::string>& other_parts, Make make,
          const std::vector<adapters::AdapterChoice>& changes = {}) {
  spdlog::debug("loading {} from {}", folder.name, folder.path.string());
  const auto source = adapters::open_merged(folder.path, changes);
  return weights::bind(*source, placement, folder.name, other_parts, make);
}

// What `read` tells of a folder; nothing of one that is not there, as in runs that do not need it.
template <typename Read>
auto facts_of(const ModelFolder& folder, Read read) {
  return folder.is_present ? read(folder) : decltype(read(folder)){};
}

// [1, 64, T] as stored -> [1, T, 64].
at::Tensor read_silence(const ModelFolder& dit) {
  return weights::read_silence_latent(dit.path / "silence_latent.pt").transpose(1, 2).contiguous();
}

}  // namespace

void DitEncoders::visit_weights(const nn::WeightVisitor& visit) {
  condition.visit_weights(visit);
  tokenizer.visit_weights(visit);
  detokenizer.visit_weights(visit);
}

void DiffusionModel::visit_weights(const nn::WeightVisitor& visit) {
  dit.visit_weights(visit);
  visit(null_condition);
}

void DiffusionModel::visit_outside_blocks(const nn::WeightVisitor& visit) {
  dit.visit_outside_blocks(visit);
  visit(null_condition);
}

LanguageModel::LanguageModel(const ModelFolder& folder, const weights::Placement& placement,
                             int max_seconds)
    : tokenizer(folder.path),
      config(models::read_qwen3_config(folder.path / "config.json")),
      tables(tokenizer, config.vocab_size, max_seconds, placement.device),
      model(load(folder, placement, {}, [&](const weights::WeightScope& root) {
        return models::Qwen3Lm(root, config,
                               {tables.first_audio(), tables.last_audio(), tables.end_of_turn()});
      })) {}

Components::Components(ModelFolders folders, const device::ComputeDevice& device,
                       const device::Precision& precision, const MemoryPolicy& policy,
                       const Quantization& quantization,
                       std::vector<adapters::AdapterChoice> adapters)
    : folders_(std::move(folders)),
      adapters_(std::move(adapters)),
      device_(device.device),
      precision_(precision),
      first_precision_(precision),
      policy_(policy),
      quantization_(quantization),
      dit_config_(facts_of(folders_.dit,
                           [](const auto& dit) { return models::read_dit_config(dit.path); })),
      vae_config_(facts_of(
          folders_.vae,
          [](const auto& vae) { return models::read_oobleck_config(vae.path / "config.json"); })),
      vae_facts_(facts_of(folders_.vae, read_vae_facts)),
      silence_(facts_of(folders_.dit, read_silence)),
      language_model_(
          options_for("language model", device_unless(policy.lm_on_cpu), Leaves::kWhenIdle),
          [this](at::Device home) { return load_language_model(home); }, move_log_, load_seconds_),
      text_model_(
          options_for("text encoder", device_, Leaves::kWhenIdle),
          [this](at::Device home) { return load_text_model(home); }, move_log_, load_seconds_),
      dit_encoders_(
          options_for("condition encoder", device_, Leaves::kWithDit),
          [this](at::Device home) { return load_dit_encoders(home); }, move_log_, load_seconds_),
      diffusion_model_(
          options_for("DiT", device_, Leaves::kWithDit),
          [this](at::Device home) { return load_diffusion_model(home); }, move_log_, load_seconds_),
      decoder_(
          options_for("VAE", device_unless(policy.vae_on_cpu), Leaves::kWhenIdle),
          [this](at::Device home) { return load_decoder(decode_device(), home); }, move_log_,
          load_seconds_),
      host_decoder_(
          options_for("VAE on the processor", at::kCPU, Leaves::kWhenIdle),
          [this](at::Device home) { return load_decoder(at::kCPU, home); }, move_log_,
          load_seconds_),
      encoder_(
          options_for("VAE encoder", device_unless(policy.vae_on_cpu), Leaves::kWhenIdle),
          [this](at::Device home) { return load_encoder(encode_device(), home); }, move_log_,
          load_seconds_),
      host_encoder_(
          options_for("VAE encoder on the processor", at::kCPU, Leaves::kWhenIdle),
          [this](at::Device home) { return load_encoder(at::kCPU, home); }, move_log_,
          load_seconds_),
      preview_decoder_(
          {"VAE for previews", device_, memory::Idle::kUnloaded},
          [this](at::Device home) { return load_decoder(device_, home); }, move_log_,
          load_seconds_) {
  if (policy.streams_dit_blocks) stream_dit_blocks();
}

memory::ComponentOptions Components::options_for(const char* name, at::Device device,
                                                 Leaves leaves) const {
  using memory::Idle;
  const bool does_leave =
      policy_.offloads_to_cpu && (leaves == Leaves::kWhenIdle || policy_.offloads_dit);
  const Idle away = policy_.keeps_models ? Idle::kAtHome : Idle::kUnloaded;
  if (device.is_cpu()) {
    return {name, device, policy_.keeps_models ? Idle::kOnDevice : Idle::kUnloaded};
  }
  return {name, device, does_leave ? away : Idle::kOnDevice};
}

weights::Placement Components::placement(at::Device device, at::Device home) const {
  return {.device = device, .home = home, .dtype = precision_.weights};
}

weights::Placement Components::placement(at::Device device, at::Device home,
                                         weights::LinearWeights linear,
                                         weights::QuantizedCount& count) const {
  count = {};
  weights::Placement place = placement(device, home);
  place.linear = linear;
  place.quantized = &count;
  return place;
}

std::unique_ptr<LanguageModel> Components::load_language_model(at::Device home) {
  return std::make_unique<LanguageModel>(folders_.lm,
                                         placement(language_model_.options().device, home,
                                                   quantization_.language_model, quantized_lm_),
                                         policy_.lm_max_seconds);
}

std::unique_ptr<TextModel> Components::load_text_model(at::Device home) const {
  const ModelFolder& folder = folders_.text_encoder;
  const auto config = models::read_qwen3_config(folder.path / "config.json");
  text::Tokenizer tokenizer(folder.path);
  auto encoder =
      load(folder, placement(condition_device(), home), {},
           [&](const weights::WeightScope& root) { return models::TextEncoder(root, config); });
  return std::unique_ptr<TextModel>(new TextModel{std::move(tokenizer), std::move(encoder)});
}

std::unique_ptr<DitEncoders> Components::load_dit_encoders(at::Device home) const {
  const auto others = models::other_parts({kEncoder, kTokenizer, kDetokenizer});
  const auto make = [&](const weights::WeightScope& root) {
    return std::unique_ptr<DitEncoders>(
        new DitEncoders{models::ConditionEncoder(root.scope(kEncoder), dit_config_),
                        models::AudioTokenizer(root.scope(kTokenizer), dit_config_),
                        models::AudioDetokenizer(root.scope(kDetokenizer), dit_config_)});
  };
  return load(folders_.dit, placement(condition_device(), home), others, make, adapters_);
}

std::unique_ptr<DiffusionModel> Components::load_diffusion_model(at::Device home) {
  const auto others = models::other_parts({kDecoder, kNullCondition});
  const weights::Placement place = placement(device_, home, quantization_.dit, quantized_dit_);
  const auto make = [&](const weights::WeightScope& root) {
    return std::unique_ptr<DiffusionModel>(
        new DiffusionModel{models::Dit(root.scope(kDecoder), dit_config_),
                           models::take_null_condition(root, dit_config_)});
  };
  return load(folders_.dit, place, others, make, adapters_);
}

std::unique_ptr<models::OobleckDecoder> Components::load_decoder(at::Device device,
                                                                 at::Device home) const {
  return load(folders_.vae, placement(device, home), {"encoder."},
              [&](const weights::WeightScope& root) {
                return std::make_unique<models::OobleckDecoder>(root.scope("decoder"), vae_config_);
              });
}

std::unique_ptr<models::OobleckEncoder> Components::load_encoder(at::Device device,
                                                                 at::Device home) const {
  return load(folders_.vae, placement(device, home), {"decoder."},
              [&](const weights::WeightScope& root) {
                return std::make_unique<models::OobleckEncoder>(root.scope("encoder"), vae_config_);
              });
}

bool Components::offload_idle() {
  const memory::Idle away = policy_.keeps_models ? memory::Idle::kAtHome : memory::Idle::kUnloaded;
  bool any = language_model_.leave_when_idle(away);
  any = text_model_.leave_when_idle(away) || any;
  any = dit_encoders_.leave_when_idle(away) || any;
  any = diffusion_model_.leave_when_idle(away) || any;
  any = encoder_.leave_when_idle(away) || any;
  return decoder_.leave_when_idle(away) || any;
}

bool Components::stream_dit_blocks() {
  if (device_.is_cpu() || diffusion_model_.options().streams_blocks) return false;
  diffusion_model_.stream_blocks();
  return true;
}

bool Components::move_language_model_to_cpu() {
  if (language_model_.options().device.is_cpu()) return false;
  language_model_.work_on(at::kCPU);
  return true;
}

bool Components::move_conditioning_to_cpu() {
  if (condition_device().is_cpu()) return false;
  text_model_.work_on(at::kCPU);
  dit_encoders_.work_on(at::kCPU);
  return true;
}

uint64_t Components::waveform_bytes(int64_t frames) const {
  return static_cast<uint64_t>(frames * vae_config_.hop_samples() * vae_config_.audio_channels) *
         sizeof(float);
}

uint64_t Components::decode_bytes(int64_t tile_frames) const {
  return plan::decode_bytes(vae_facts_, tile_frames, number_bytes(precision_));
}

uint64_t Components::encode_bytes(int64_t window_frames) const {
  return plan::encode_bytes(vae_facts_, window_frames, number_bytes(precision_));
}

void Components::end_request() {
  if (!policy_.keeps_models) unload_all();
}

void Components::fall_back_to_float32() { reload_in({}); }

void Components::restore_precision() {
  if (precision_.weights != first_precision_.weights) reload_in(first_precision_);
}

void Components::reload_in(const device::Precision& precision) {
  precision_ = precision;
  unload_all();
}

void Components::unload_all() {
  language_model_.unload();
  text_model_.unload();
  dit_encoders_.unload();
  diffusion_model_.unload();
  decoder_.unload();
  host_decoder_.unload();
  encoder_.unload();
  host_encoder_.unload();
  preview_decoder_.unload();
}

}  // namespace acestep::pipeline
