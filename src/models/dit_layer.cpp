#include "models/dit_layer.h"

#include <ATen/ATen.h>

namespace acestep::models {
namespace {

// x + gate·update. gate: [B, 1, hidden] float32.
at::Tensor add_gated(const at::Tensor& x, const at::Tensor& update, const at::Tensor& gate) {
  return at::addcmul(x, update, gate.to(x.scalar_type()));
}

}  // namespace

at::Tensor modulate(const at::Tensor& x, const at::Tensor& scale, const at::Tensor& shift) {
  return at::addcmul(shift.to(x.scalar_type()), x, (scale + 1.0).to(x.scalar_type()));
}

DitLayer::DitLayer(const weights::WeightScope& scope, const DitConfig& config)
    : self_attn_norm(scope.scope("self_attn_norm"), config.decoder.hidden, config.rms_norm_epsilon),
      self_attn(scope.scope("self_attn"), config.attention_shape(config.decoder)),
      cross_attn_norm(scope.scope("cross_attn_norm"), config.decoder.hidden,
                      config.rms_norm_epsilon),
      cross_attn(scope.scope("cross_attn"), config.attention_shape(config.decoder)),
      mlp_norm(scope.scope("mlp_norm"), config.decoder.hidden, config.rms_norm_epsilon),
      mlp(scope.scope("mlp"), config.decoder.hidden, config.decoder.intermediate),
      scale_shift_table(
          scope.take_float("scale_shift_table", {1, kLayerModulations, config.decoder.hidden})) {}

DitLayer::Result DitLayer::operator()(const at::Tensor& x, const Inputs& inputs) const {
  const auto m = (scale_shift_table + inputs.modulation).chunk(kLayerModulations, 1);
  const at::Tensor &shift = m[0], &scale = m[1], &gate = m[2];
  const at::Tensor &mlp_shift = m[3], &mlp_scale = m[4], &mlp_gate = m[5];

  Result result;
  result.self_attn =
      self_attn.to_itself(modulate(self_attn_norm(x), scale, shift), inputs.table, inputs.pattern);
  const at::Tensor listened = add_gated(x, result.self_attn, gate);
  if (inputs.listener != nullptr && inputs.listener->wants(inputs.index)) {
    inputs.listener->hear(inputs.index, cross_attn.queries(cross_attn_norm(listened)),
                          inputs.cross_keys);
  }
  result.cross_attn =
      cross_attn.to_other(cross_attn_norm(listened), inputs.cross_keys, inputs.cross_values);
  const at::Tensor told = listened + result.cross_attn;
  result.x = add_gated(told, mlp(modulate(mlp_norm(told), mlp_scale, mlp_shift)), mlp_gate);
  return result;
}

}  // namespace acestep::models
