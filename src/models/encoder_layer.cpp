#include "models/encoder_layer.h"

#include <ATen/ATen.h>

namespace acestep::models {

at::ScalarType activation_dtype(at::ScalarType weight_dtype) {
  return weight_dtype == at::kBFloat16 ? at::kBFloat16 : at::kFloat;
}

EncoderLayer::EncoderLayer(const weights::WeightScope& scope, const DitConfig& config)
    : input_layernorm(scope.scope("input_layernorm"), config.encoder.hidden,
                      config.rms_norm_epsilon),
      self_attn(scope.scope("self_attn"), config.attention_shape(config.encoder)),
      post_attention_layernorm(scope.scope("post_attention_layernorm"), config.encoder.hidden,
                               config.rms_norm_epsilon),
      mlp(scope.scope("mlp"), config.encoder.hidden, config.encoder.intermediate) {}

at::Tensor EncoderLayer::operator()(const at::Tensor& x, const nn::RotaryTable& table,
                                    const nn::AttentionPattern& pattern) const {
  const at::Tensor attended = x + self_attn.to_itself(input_layernorm(x), table, pattern);
  return attended + mlp(post_attention_layernorm(attended));
}

EncoderStack::EncoderStack(const weights::WeightScope& scope, const DitConfig& config,
                           int64_t layer_count)
    : norm_(scope.scope("norm"), config.encoder.hidden, config.rms_norm_epsilon),
      kinds_(config.layer_kinds),
      window_(config.sliding_window),
      head_dim_(config.head_dim),
      rope_theta_(config.rope_theta) {
  const weights::WeightScope layers = scope.scope("layers");
  for (int64_t i = 0; i < layer_count; ++i) layers_.emplace_back(layers.scope(i), config);
}

at::Tensor EncoderStack::operator()(const at::Tensor& x, const at::Tensor& key_mask,
                                    nn::Trace* trace, const std::string& name) const {
  const int64_t length = x.size(1);
  const nn::RotaryTable table =
      nn::make_rotary_table(0, length, head_dim_, rope_theta_, x.device()).to(x.scalar_type());
  const nn::AttentionPattern full(length, {.window = {}, .key_mask = key_mask}, x.scalar_type(),
                                  x.device());
  const nn::AttentionPattern sliding(
      length, {.window = window_, .key_mask = window_ ? key_mask : at::Tensor()}, x.scalar_type(),
      x.device());

  at::Tensor states = x;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    states = layers_[i](states, table, kinds_[i] == AttentionKind::kSliding ? sliding : full);
    nn::note(trace, name + "_layer" + std::to_string(i), states);
  }
  return norm_(states);
}

}  // namespace acestep::models
