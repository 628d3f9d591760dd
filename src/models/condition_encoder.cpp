#include "models/condition_encoder.h"

#include <ATen/ATen.h>

namespace acestep::models {

LyricEncoder::LyricEncoder(const weights::WeightScope& scope, const DitConfig& config)
    : embed_tokens(scope.scope("embed_tokens"), config.text_hidden, config.encoder.hidden,
                   nn::Bias::kPresent),
      stack(scope, config, config.lyric_layers) {}

at::Tensor LyricEncoder::operator()(const at::Tensor& states, const at::Tensor& mask,
                                    nn::Trace* trace) const {
  const at::Tensor embedded = embed_tokens(states);
  nn::note(trace, "lyric_embed", embedded);
  // Without padding no mask is needed, and long lyrics take the blockwise path.
  const at::Tensor valid = mask.to(at::kBool);
  const at::Tensor key_mask = valid.all().item<bool>() ? at::Tensor() : valid;
  const at::Tensor encoded = stack(embedded, key_mask, trace, "lyric");
  nn::note(trace, "lyric_encoder", encoded);
  return encoded;
}

TimbreEncoder::TimbreEncoder(const weights::WeightScope& scope, const DitConfig& config)
    : embed_tokens(scope.scope("embed_tokens"), config.timbre_hidden, config.encoder.hidden,
                   nn::Bias::kPresent),
      stack(scope, config, config.timbre_layers) {
  const at::Tensor token = scope.take("special_token", {1, 1, config.encoder.hidden});
  if (config.is_xl) special_token = token;
}

at::Tensor TimbreEncoder::operator()(const at::Tensor& latents, nn::Trace* trace) const {
  at::Tensor frames = embed_tokens(latents);
  if (special_token.defined()) {
    const at::Tensor first = special_token.to(frames.scalar_type()).expand({frames.size(0), 1, -1});
    frames = at::cat({first, frames}, 1);
  }
  const at::Tensor encoded = stack(frames, {}, trace, "timbre");
  nn::note(trace, "timbre_norm", encoded);
  return encoded.select(1, 0);
}

ConditionEncoder::ConditionEncoder(const weights::WeightScope& scope, const DitConfig& config)
    : dtype_(activation_dtype(scope.placement().dtype)),
      text_projector_(scope.scope("text_projector"), config.text_hidden, config.encoder.hidden),
      lyric_encoder_(scope.scope("lyric_encoder"), config),
      timbre_encoder_(scope.scope("timbre_encoder"), config) {}

PackedCondition ConditionEncoder::operator()(
    const at::Tensor& text_states, const at::Tensor& text_mask, const at::Tensor& lyric_states,
    const at::Tensor& lyric_mask, const at::Tensor& refer_packed, const at::Tensor& refer_order,
    nn::Trace* trace) const {
  const at::Tensor text = text_projector_(text_states.to(dtype_));
  nn::note(trace, "text_projector", text);
  const at::Tensor lyrics = lyric_encoder_(lyric_states.to(dtype_), lyric_mask, trace);
  const PackedSequence timbres =
      unpack_by_owner(timbre_encoder_(refer_packed.to(dtype_), trace), refer_order);
  nn::note(trace, "timbre_unpacked", timbres.states);
  nn::note(trace, "timbre_mask", timbres.mask);

  const PackedSequence sung = pack_sequences(lyrics, lyric_mask, timbres.states, timbres.mask);
  const PackedSequence all = pack_sequences(sung.states, sung.mask, text, text_mask);
  return {all.states, all.mask};
}

}  // namespace acestep::models
