// Quantized 5 Hz states back to 25 Hz latents.
#pragma once

#include <ATen/core/Tensor.h>

#include "models/dit_config.h"
#include "models/encoder_layer.h"
#include "nn/linear.h"
#include "nn/weight_visitor.h"
#include "weights/weight_scope.h"

namespace acestep::models {

class AudioDetokenizer {
 public:
  // scope: the part dit_part::kDetokenizer.
  AudioDetokenizer(const weights::WeightScope& scope, const DitConfig& config);

  // quantized: [B, N, hidden] -> [B, pool_frames·N, 64], in activation_dtype of the weights.
  at::Tensor operator()(const at::Tensor& quantized) const;

  void visit_weights(const nn::WeightVisitor& visit) {
    nn::visit_parts(visit, embed_tokens_, special_tokens_, stack_, proj_out_);
  }

 private:
  at::ScalarType dtype_;
  nn::Linear embed_tokens_;
  at::Tensor special_tokens_;  // [1, pool_frames, hidden]: tells the frames of one code apart
  EncoderStack stack_;
  nn::Linear proj_out_;
};

}  // namespace acestep::models
