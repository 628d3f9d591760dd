#include "models/audio_detokenizer.h"

#include <ATen/ATen.h>

namespace acestep::models {

AudioDetokenizer::AudioDetokenizer(const weights::WeightScope& scope, const DitConfig& config)
    : dtype_(activation_dtype(scope.placement().dtype)),
      embed_tokens_(scope.scope("embed_tokens"), config.encoder.hidden, config.encoder.hidden,
                    nn::Bias::kPresent),
      special_tokens_(scope.take("special_tokens", {1, config.pool_frames, config.encoder.hidden})),
      stack_(scope, config, config.pooler_layers),
      proj_out_(scope.scope("proj_out"), config.encoder.hidden, config.latent_channels,
                nn::Bias::kPresent) {}

at::Tensor AudioDetokenizer::operator()(const at::Tensor& quantized) const {
  const at::Tensor embedded = embed_tokens_(quantized.to(dtype_)).flatten(0, 1).unsqueeze(1);
  const at::Tensor frames = embedded + special_tokens_.to(dtype_);  // [B·N, pool_frames, hidden]
  const at::Tensor latents = proj_out_(stack_(frames));
  return latents.unflatten(0, {quantized.size(0), quantized.size(1)}).flatten(1, 2);
}

}  // namespace acestep::models
