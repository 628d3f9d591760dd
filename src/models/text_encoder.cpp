#include "models/text_encoder.h"

namespace acestep::models {

TextEncoder::TextEncoder(const weights::WeightScope& scope, const Qwen3Config& config)
    : stack_(scope, config) {}

at::Tensor TextEncoder::encode(const at::Tensor& ids) const {
  return stack_.forward(stack_.embed(ids));
}

at::Tensor TextEncoder::encode_masked(const at::Tensor& ids, const at::Tensor& mask) const {
  return stack_.forward(stack_.embed(ids), mask);
}

at::Tensor TextEncoder::embed(const at::Tensor& ids) const { return stack_.embed(ids); }

std::vector<at::Tensor> TextEncoder::trace(const at::Tensor& ids) const {
  std::vector<at::Tensor> layer_outputs;
  stack_.forward(stack_.embed(ids), {}, &layer_outputs);
  return layer_outputs;
}

}  // namespace acestep::models
