// The encoding half of the audio autoencoder: stereo audio in, a distribution of latents out.
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

// Shortens by `stride`: three residual units, snake, strided convolution.
struct OobleckEncoderBlock {
  OobleckEncoderBlock(const weights::WeightScope& scope, int64_t in_channels, int64_t out_channels,
                      int64_t stride);

  // x: [B, in, 1, N] -> [B, out, 1, about N / stride].
  at::Tensor forward(at::Tensor x) const;

  void visit_weights(const nn::WeightVisitor& visit) {
    nn::visit_parts(visit, res_units, snake1, conv1);
  }

  std::vector<OobleckResidualUnit> res_units;
  nn::Snake snake1;
  nn::Conv1d conv1;
};

// A normal distribution for every latent value; both [B, latent_channels, T] float32.
struct LatentDistribution {
  at::Tensor mean;
  at::Tensor std;
};

struct OobleckEncoder {
  // Reads the tensors below `scope` ("encoder").
  OobleckEncoder(const weights::WeightScope& scope, const OobleckConfig& config);

  // audio: [B, audio_channels, N] of any float dtype, N >= 1 with output_frames(N) >= 1.
  // The result lies on the weights' device, T = output_frames(N); computed in the weights' dtype.
  LatentDistribution forward(const at::Tensor& audio) const;
  int64_t output_frames(int64_t samples) const;

  void visit_weights(const nn::WeightVisitor& visit) {
    nn::visit_parts(visit, conv1, blocks, snake1, conv2);
  }

  at::Device device;
  at::ScalarType dtype;
  nn::Conv1d conv1;
  std::vector<OobleckEncoderBlock> blocks;
  nn::Snake snake1;
  nn::Conv1d conv2;
};

}  // namespace acestep::models
