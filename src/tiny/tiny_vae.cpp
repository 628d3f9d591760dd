#include "tiny/tiny_vae.h"

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

namespace acestep::tiny {
namespace {

constexpr int64_t kAudioChannels = 2;
constexpr int64_t kLatentChannels = 64;
// Mean and scale of 64 latent channels: the format ties the encoder's width to them.
constexpr int64_t kEncoderChannels = 128;
constexpr int64_t kDecoderChannels = 8;
constexpr std::array<int64_t, 5> kStrides = {2, 4, 4, 6, 10};  // 1920 samples per latent frame
constexpr int64_t kFrameKernel = 7;
constexpr int64_t kLatentKernel = 3;
constexpr int kResidualUnits = 3;
// Row lengths: branches add a little to their residual, and the sound stays below full scale.
constexpr float kBranchLength = 0.3F;
constexpr float kAudioLength = 0.15F;

void plan_residual_units(TensorPlan& plan, const std::string& name, int64_t channels) {
  for (int i = 1; i <= kResidualUnits; ++i) {
    const std::string unit = name + ".res_unit" + std::to_string(i);
    plan.snake(unit + ".snake1", channels);
    plan.normalised_weight(unit + ".conv1", {channels, channels, kFrameKernel}, 1.0F);
    plan.bias(unit + ".conv1", channels);
    plan.snake(unit + ".snake2", channels);
    plan.normalised_weight(unit + ".conv2", {channels, channels, 1}, kBranchLength);
    plan.bias(unit + ".conv2", channels);
  }
}

void plan_encoder(TensorPlan& plan) {
  const int64_t channels = kEncoderChannels;
  plan.normalised_weight("encoder.conv1", {channels, kAudioChannels, kFrameKernel}, 1.0F);
  plan.bias("encoder.conv1", channels);
  for (size_t i = 0; i < kStrides.size(); ++i) {
    const std::string block = "encoder.block." + std::to_string(i);
    plan_residual_units(plan, block, channels);
    plan.snake(block + ".snake1", channels);
    plan.normalised_weight(block + ".conv1", {channels, channels, 2 * kStrides[i]}, 1.0F);
    plan.bias(block + ".conv1", channels);
  }
  plan.snake("encoder.snake1", channels);
  plan.normalised_weight("encoder.conv2", {channels, channels, kLatentKernel}, 1.0F);
  plan.bias("encoder.conv2", channels);
}

void plan_decoder(TensorPlan& plan) {
  const int64_t channels = kDecoderChannels;
  plan.normalised_weight("decoder.conv1", {channels, kLatentChannels, kFrameKernel}, 1.0F);
  plan.bias("decoder.conv1", channels);
  for (size_t i = 0; i < kStrides.size(); ++i) {
    const int64_t stride = kStrides[kStrides.size() - 1 - i];
    const std::string block = "decoder.block." + std::to_string(i);
    plan.snake(block + ".snake1", channels);
    // Every row is spread over stride as many outputs as it has inputs.
    plan.normalised_weight(block + ".conv_t1", {channels, channels, 2 * stride},
                           std::sqrt(static_cast<float>(stride)));
    plan.bias(block + ".conv_t1", channels);
    plan_residual_units(plan, block, channels);
  }
  plan.snake("decoder.snake1", channels);
  plan.normalised_weight("decoder.conv2", {kAudioChannels, channels, kFrameKernel}, kAudioLength);
}

}  // namespace

nlohmann::json vae_config() {
  return {{"_class_name", "AutoencoderOobleck"},       {"audio_channels", kAudioChannels},
          {"channel_multiples", {1, 1, 1, 1, 1}},      {"decoder_channels", kDecoderChannels},
          {"decoder_input_channels", kLatentChannels}, {"downsampling_ratios", kStrides},
          {"encoder_hidden_size", kEncoderChannels},   {"sampling_rate", 48000}};
}

TensorPlan vae_tensors() {
  TensorPlan plan;
  plan_encoder(plan);
  plan_decoder(plan);
  return plan;
}

}  // namespace acestep::tiny
