#include "pipeline/sound_codec.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "codec/levels.h"
#include "memory/oom_ladder.h"
#include "pipeline/decode_stage.h"
#include "pipeline/encode_stage.h"
#include "pipeline/memory_measures.h"

namespace acestep::pipeline {

at::Tensor SoundCodec::encode(const audio::Waveform& sound, at::Generator& generator) const {
  c10::InferenceMode no_gradients;
  context.observer.stage("encode");
  return EncodeStage(components, options, context).run(sound, generator);
}

audio::Waveform SoundCodec::decode(const at::Tensor& latents) const {
  c10::InferenceMode no_gradients;
  context.observer.stage("decode");
  const at::Tensor audio = DecodeStage(components, options, context).run(latents.unsqueeze(0));
  return codec::to_waveform(audio[0], components.vae_config().sampling_rate_hz);
}

std::vector<int64_t> SoundCodec::tokenize(const at::Tensor& latents) const {
  c10::InferenceMode no_gradients;
  context.observer.stage("tokenize");
  at::Tensor indices;
  memory::run_on_ladder(
      "tokenize",
      [&] {
        const auto dit = components.dit_encoders();
        const at::Device device = components.condition_device();
        const at::Tensor frames = latents.unsqueeze(0).to(device);
        indices = dit->tokenizer(frames, components.silence(),
                                 at::ones({1, latents.size(0)}, frames.options()))
                      .indices.flatten()
                      .to(at::kCPU);
      },
      allowed(components, {[&] { return offload_idle_models(components); },
                           [&] { return condition_on_cpu(components); }}),
      context.observer);
  const int64_t* first = indices.const_data_ptr<int64_t>();
  return {first, first + indices.numel()};
}

std::optional<SoundDistance> distance(const audio::Waveform& sound,
                                      const audio::Waveform& reference) {
  const int64_t frames = std::min(sound.frames(), reference.frames());
  const bool is_alike =
      sound.sample_rate_hz == reference.sample_rate_hz && sound.channels == reference.channels;
  if (!is_alike || frames == 0) return std::nullopt;
  double signal = 0.0;
  double noise = 0.0;
  for (int64_t channel = 0; channel < sound.channels; ++channel) {
    const auto ours = sound.channel(channel);
    const auto theirs = reference.channel(channel);
    for (std::size_t i = 0; i < static_cast<std::size_t>(frames); ++i) {
      const double difference = static_cast<double>(ours[i]) - static_cast<double>(theirs[i]);
      signal += static_cast<double>(theirs[i]) * static_cast<double>(theirs[i]);
      noise += difference * difference;
    }
  }
  const double mean_noise = noise / static_cast<double>(frames * sound.channels);
  return SoundDistance{.snr_db = noise == 0.0 ? INFINITY : 10.0 * std::log10(signal / noise),
                       .psnr_db = noise == 0.0 ? INFINITY : -10.0 * std::log10(mean_noise),
                       .noise_rms = std::sqrt(mean_noise)};
}

}  // namespace acestep::pipeline
