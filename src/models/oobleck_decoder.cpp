#include "models/oobleck_decoder.h"

#include <ATen/ATen.h>

#include <utility>

#include "util/error.h"

namespace acestep::models {
namespace {

constexpr int64_t kEndKernel = 7;  // of the first and the last convolution

nn::ConvShape end_shape(int64_t in_channels, int64_t out_channels) {
  return {.in_channels = in_channels,
          .out_channels = out_channels,
          .kernel = kEndKernel,
          .padding = (kEndKernel - 1) / 2};
}

std::vector<OobleckDecoderBlock> make_blocks(const weights::WeightScope& scope,
                                             const OobleckConfig& config) {
  const auto levels = static_cast<int64_t>(config.downsampling_ratios.size());
  std::vector<OobleckDecoderBlock> blocks;
  for (int64_t i = 0; i < levels; ++i) {
    const int64_t level = levels - 1 - i;  // the decoder climbs the encoder's levels backwards
    const int64_t in = config.decoder_channels * config.channel_multiples[level];
    const int64_t narrower = level > 0 ? config.channel_multiples[level - 1] : 1;
    blocks.emplace_back(scope.scope(i), in, config.decoder_channels * narrower,
                        config.downsampling_ratios[level]);
  }
  return blocks;
}

}  // namespace

OobleckDecoderBlock::OobleckDecoderBlock(const weights::WeightScope& scope, int64_t in_channels,
                                         int64_t out_channels, int64_t stride)
    : snake1(scope.scope("snake1"), in_channels),
      conv_t1(scope.scope("conv_t1"), {.in_channels = in_channels,
                                       .out_channels = out_channels,
                                       .kernel = 2 * stride,
                                       .stride = stride,
                                       .padding = (stride + 1) / 2}),
      res_units(take_residual_units(scope, out_channels)) {}

at::Tensor OobleckDecoderBlock::forward(at::Tensor x) const {
  snake1.apply_in_place(x);
  x = conv_t1(x);
  for (const OobleckResidualUnit& unit : res_units) x = unit.forward(x);
  return x;
}

OobleckDecoder::OobleckDecoder(const weights::WeightScope& scope, const OobleckConfig& config)
    : device(scope.placement().device),
      dtype(scope.placement().dtype),
      conv1(scope.scope("conv1"),
            end_shape(config.latent_channels(),
                      config.decoder_channels * config.channel_multiples.back())),
      blocks(make_blocks(scope.scope("block"), config)),
      snake1(scope.scope("snake1"), config.decoder_channels),
      conv2(scope.scope("conv2"), end_shape(config.decoder_channels, config.audio_channels),
            nn::Bias::kNone) {}

at::Tensor OobleckDecoder::forward(const at::Tensor& latents) const {
  ACE_CHECK(latents.dim() == 3 && latents.size(2) >= 1);
  at::Tensor x = conv1(nn::to_conv_layout(latents.to(device, dtype)));
  for (const OobleckDecoderBlock& block : blocks) x = block.forward(std::move(x));
  snake1.apply_in_place(x);
  return nn::from_conv_layout(conv2(x)).to(at::kFloat);
}

int64_t OobleckDecoder::output_samples(int64_t frames) const {
  int64_t length = frames;
  for (const OobleckDecoderBlock& block : blocks) length = block.conv_t1.output_length(length);
  return length;
}

}  // namespace acestep::models
