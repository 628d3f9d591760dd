#include "models/oobleck_encoder.h"

#include <ATen/ATen.h>

#include <utility>

#include "util/error.h"

namespace acestep::models {
namespace {

constexpr int64_t kFirstKernel = 7;
constexpr int64_t kLastKernel = 3;
constexpr double kSmallestStd = 1e-4;  // reference: diffusers OobleckDiagonalGaussianDistribution

std::vector<OobleckEncoderBlock> make_blocks(const weights::WeightScope& scope,
                                             const OobleckConfig& config) {
  std::vector<OobleckEncoderBlock> blocks;
  int64_t in = config.encoder_hidden_size;
  for (std::size_t i = 0; i < config.downsampling_ratios.size(); ++i) {
    const int64_t out = config.encoder_hidden_size * config.channel_multiples[i];
    blocks.emplace_back(scope.scope(static_cast<int64_t>(i)), in, out,
                        config.downsampling_ratios[i]);
    in = out;
  }
  return blocks;
}

}  // namespace

OobleckEncoderBlock::OobleckEncoderBlock(const weights::WeightScope& scope, int64_t in_channels,
                                         int64_t out_channels, int64_t stride)
    : res_units(take_residual_units(scope, in_channels)),
      snake1(scope.scope("snake1"), in_channels),
      conv1(scope.scope("conv1"), {.in_channels = in_channels,
                                   .out_channels = out_channels,
                                   .kernel = 2 * stride,
                                   .stride = stride,
                                   .padding = (stride + 1) / 2}) {}

at::Tensor OobleckEncoderBlock::forward(at::Tensor x) const {
  for (const OobleckResidualUnit& unit : res_units) x = unit.forward(x);
  snake1.apply_in_place(x);
  return conv1(x);
}

OobleckEncoder::OobleckEncoder(const weights::WeightScope& scope, const OobleckConfig& config)
    : device(scope.placement().device),
      dtype(scope.placement().dtype),
      conv1(scope.scope("conv1"), {.in_channels = config.audio_channels,
                                   .out_channels = config.encoder_hidden_size,
                                   .kernel = kFirstKernel,
                                   .padding = (kFirstKernel - 1) / 2}),
      blocks(make_blocks(scope.scope("block"), config)),
      snake1(scope.scope("snake1"), config.encoder_hidden_size * config.channel_multiples.back()),
      conv2(scope.scope("conv2"),
            {.in_channels = config.encoder_hidden_size * config.channel_multiples.back(),
             .out_channels = config.encoder_hidden_size,
             .kernel = kLastKernel,
             .padding = (kLastKernel - 1) / 2}) {}

LatentDistribution OobleckEncoder::forward(const at::Tensor& audio) const {
  ACE_CHECK(audio.dim() == 3 && output_frames(audio.size(2)) >= 1);
  at::Tensor x = conv1(nn::to_conv_layout(audio.to(device, dtype)));
  for (const OobleckEncoderBlock& block : blocks) x = block.forward(std::move(x));
  snake1.apply_in_place(x);
  const at::Tensor moments = nn::from_conv_layout(conv2(x)).to(at::kFloat);
  const std::vector<at::Tensor> halves = moments.chunk(2, /*dim=*/1);
  return {halves[0].contiguous(), at::softplus(halves[1]) + kSmallestStd};
}

int64_t OobleckEncoder::output_frames(int64_t samples) const {
  int64_t length = samples;
  for (const OobleckEncoderBlock& block : blocks) length = block.conv1.output_length(length);
  return length;
}

}  // namespace acestep::models
