// The decoding half of the audio autoencoder: latents in, stereo audio out.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "models/oobleck_config.h"
#include "models/oobleck_residual_unit.h"
#include "nn/conv1d.h"
#include "nn/snake.h"
#include "nn/weight_visitor.h"
#include "weights/weight_scope.h"

namespace acestep::models {

// Lengthens by `stride`: snake, transposed convolution, three residual units.
struct OobleckDecoderBlock {
  OobleckDecoderBlock(const weights::WeightScope& scope, int64_t in_channels, int64_t out_channels,
                      int64_t stride);

  // x: [B, in, 1, T], overwritten -> [B, out, 1, T·stride] (one less for an odd stride).
  at::Tensor forward(at::Tensor x) const;

  void visit_weights(const nn::WeightVisitor& visit) {
    nn::visit_parts(visit, snake1, conv_t1, res_units);
  }

  nn::Snake snake1;
  nn::ConvTranspose1d conv_t1;
  std::vector<OobleckResidualUnit> res_units;
};

struct OobleckDecoder {
  // Reads the tensors below `scope` ("decoder").
  OobleckDecoder(const weights::WeightScope& scope, const OobleckConfig& config);

  // latents: [B, latent_channels, T] of any float dtype, T >= 1.
  // Returns [B, audio_channels, output_samples(T)] float32 on the weights' device, computed in the
  // weights' dtype; T·hop samples for the published, even strides.
  at::Tensor forward(const at::Tensor& latents) const;
  int64_t output_samples(int64_t frames) const;

  void visit_weights(const nn::WeightVisitor& visit) {
    nn::visit_parts(visit, conv1, blocks, snake1, conv2);
  }

  at::Device device;
  at::ScalarType dtype;
  nn::Conv1d conv1;
  std::vector<OobleckDecoderBlock> blocks;
  nn::Snake snake1;
  nn::Conv1d conv2;
};

}  // namespace acestep::models
