#include "models/audio_tokenizer.h"

#include <ATen/ATen.h>

#include "util/error.h"

namespace acestep::models {

AttentionPooler::AttentionPooler(const weights::WeightScope& scope, const DitConfig& config)
    : embed_tokens(scope.scope("embed_tokens"), config.encoder.hidden, config.encoder.hidden,
                   nn::Bias::kPresent),
      special_token(scope.take("special_token", {1, 1, config.encoder.hidden})),
      stack(scope, config, config.pooler_layers) {}

at::Tensor AttentionPooler::operator()(const at::Tensor& frames) const {
  const at::Tensor embedded = embed_tokens(frames).flatten(0, 1);
  const at::Tensor token =
      special_token.to(embedded.scalar_type()).expand({embedded.size(0), 1, -1});
  const at::Tensor encoded = stack(at::cat({token, embedded}, 1));
  return encoded.select(1, 0).unflatten(0, {frames.size(0), frames.size(1)});
}

AudioTokenizer::AudioTokenizer(const weights::WeightScope& scope, const DitConfig& config)
    : pool_frames_(config.pool_frames),
      dtype_(activation_dtype(scope.placement().dtype)),
      audio_acoustic_proj_(scope.scope("audio_acoustic_proj"), config.latent_channels,
                           config.encoder.hidden, nn::Bias::kPresent),
      attention_pooler_(scope.scope("attention_pooler"), config),
      quantizer_(scope.scope("quantizer"), config) {}

AudioTokenizer::Result AudioTokenizer::operator()(const at::Tensor& latents,
                                                  const at::Tensor& silence_latent,
                                                  const at::Tensor& mask, nn::Trace* trace) const {
  const int64_t batch = latents.size(0);
  const int64_t codes = (latents.size(1) + pool_frames_ - 1) / pool_frames_;
  const int64_t missing = codes * pool_frames_ - latents.size(1);
  ACE_CHECK(mask.size(1) == latents.size(1) && silence_latent.size(1) >= missing);
  const at::Tensor fill =
      silence_latent.narrow(0, 0, 1).narrow(1, 0, missing).expand({batch, -1, -1});
  const at::Tensor frames = at::cat({latents.to(dtype_), fill.to(dtype_)}, 1);
  const at::Tensor valid = at::constant_pad_nd(mask.to(at::kFloat), {0, missing});

  const at::Tensor projected = audio_acoustic_proj_(frames.unflatten(1, {codes, pool_frames_}));
  nn::note(trace, "acoustic_proj", projected);
  const at::Tensor pooled = attention_pooler_(projected);
  nn::note(trace, "pooler", pooled);
  const Fsq::Result coded = quantizer_(pooled);
  nn::note(trace, "fsq_input", coded.projected);
  nn::note(trace, "fsq_codes", coded.values);
  return {coded.quantized, coded.indices, valid.unflatten(1, {codes, pool_frames_}).amax(-1)};
}

}  // namespace acestep::models
