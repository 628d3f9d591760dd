#include "pipeline/components.h"

#include <ATen/ATen.h>
#include <spdlog/spdlog.h>

#include <utility>

#include "models/dit_parts.h"
#include "util/stopwatch.h"
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

// Adds its lifetime to a total.
class LoadTimer {
 public:
  explicit LoadTimer(double& seconds) : seconds_(seconds) {}
  ~LoadTimer() { seconds_ += watch_.seconds(); }
  LoadTimer(const LoadTimer&) = delete;
  LoadTimer& operator=(const LoadTimer&) = delete;

 private:
  double& seconds_;
  util::Stopwatch watch_;
};

// Builds `make(root scope)` from a folder's weights once all of them are known to fit.
template <typename Make>
auto load(const ModelFolder& folder, const weights::Placement& placement,
          const std::vector<std::string>& other_parts, Make make) {
  spdlog::debug("loading {} from {}", folder.name, folder.path.string());
  const auto source = weights::open_model_folder(folder.path);
  return weights::bind(*source, placement, folder.name, other_parts, make);
}

// The parts of a DiT folder that make conditions.
struct DitEncoders {
  models::ConditionEncoder condition;
  models::AudioTokenizer tokenizer;
  models::AudioDetokenizer detokenizer;
};

// [1, 64, T] as stored -> [1, T, 64].
at::Tensor read_silence(const ModelFolder& dit) {
  return weights::read_silence_latent(dit.path / "silence_latent.pt").transpose(1, 2).contiguous();
}

}  // namespace

Components::Components(ModelFolders folders, const device::ComputeDevice& device,
                       const device::Precision& precision, Retention retention,
                       const Quantization& quantization)
    : folders_(std::move(folders)),
      device_(device.device),
      precision_(precision),
      first_precision_(precision),
      retention_(retention),
      quantization_(quantization),
      dit_config_(models::read_dit_config(folders_.dit.path)),
      vae_config_(models::read_oobleck_config(folders_.vae.path / "config.json")),
      silence_(read_silence(folders_.dit)) {}

LanguageModel::LanguageModel(const ModelFolder& folder, const weights::Placement& placement)
    : tokenizer(folder.path),
      config(models::read_qwen3_config(folder.path / "config.json")),
      tables(tokenizer, config.vocab_size, kLmDurationLimitSeconds, placement.device),
      model(load(folder, placement, {}, [&](const weights::WeightScope& root) {
        return models::Qwen3Lm(root, config,
                               {tables.first_audio(), tables.last_audio(), tables.end_of_turn()});
      })) {}

weights::Placement Components::placement(weights::LinearWeights linear,
                                         weights::QuantizedCount& count) const {
  count = {};
  return {.device = device_, .dtype = precision_.weights, .linear = linear, .quantized = &count};
}

const LanguageModel& Components::language_model() {
  if (!language_model_) {
    const LoadTimer timer(load_seconds_);
    language_model_ = std::make_unique<LanguageModel>(
        folders_.lm, placement(quantization_.language_model, quantized_lm_));
  }
  return *language_model_;
}

const ConditionModels& Components::condition_models() {
  if (condition_models_) return *condition_models_;
  const LoadTimer timer(load_seconds_);
  const ModelFolder& encoder = folders_.text_encoder;
  text::Tokenizer tokenizer(encoder.path);
  const auto config = models::read_qwen3_config(encoder.path / "config.json");
  auto text_encoder = load(encoder, placement(), {}, [&](const weights::WeightScope& root) {
    return models::TextEncoder(root, config);
  });
  const auto others = models::other_parts({kEncoder, kTokenizer, kDetokenizer});
  DitEncoders dit = load(folders_.dit, placement(), others, [&](const weights::WeightScope& root) {
    return DitEncoders{models::ConditionEncoder(root.scope(kEncoder), dit_config_),
                       models::AudioTokenizer(root.scope(kTokenizer), dit_config_),
                       models::AudioDetokenizer(root.scope(kDetokenizer), dit_config_)};
  });
  condition_models_ = std::unique_ptr<ConditionModels>(
      new ConditionModels{std::move(tokenizer), std::move(text_encoder), std::move(dit.condition),
                          std::move(dit.tokenizer), std::move(dit.detokenizer)});
  return *condition_models_;
}

const DiffusionModel& Components::diffusion_model() {
  if (diffusion_model_) return *diffusion_model_;
  const LoadTimer timer(load_seconds_);
  const auto others = models::other_parts({kDecoder, kNullCondition});
  const weights::Placement place = placement(quantization_.dit, quantized_dit_);
  diffusion_model_ = load(folders_.dit, place, others, [&](const weights::WeightScope& root) {
    return std::unique_ptr<DiffusionModel>(
        new DiffusionModel{models::Dit(root.scope(kDecoder), dit_config_),
                           models::take_null_condition(root, dit_config_)});
  });
  return *diffusion_model_;
}

const models::OobleckDecoder& Components::decoder() {
  if (decoder_) return *decoder_;
  const LoadTimer timer(load_seconds_);
  decoder_ = load(folders_.vae, placement(), {"encoder."}, [&](const weights::WeightScope& root) {
    return std::make_unique<models::OobleckDecoder>(root.scope("decoder"), vae_config_);
  });
  return *decoder_;
}

void Components::fall_back_to_float32() { reload_in({}); }

void Components::restore_precision() {
  if (precision_.weights != first_precision_.weights) reload_in(first_precision_);
}

void Components::reload_in(const device::Precision& precision) {
  precision_ = precision;
  language_model_.reset();
  condition_models_.reset();
  diffusion_model_.reset();
  decoder_.reset();
}

}  // namespace acestep::pipeline
