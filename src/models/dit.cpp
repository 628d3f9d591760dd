#include "models/dit.h"

#include <ATen/ATen.h>

#include "models/encoder_layer.h"
#include "util/error.h"

namespace acestep::models {
namespace {

// A convolution whose stride is its kernel is a linear layer over a patch of frames.
nn::Linear take_patch_in(const weights::WeightScope& scope, const DitConfig& config) {
  const at::Tensor weight =
      scope.take("weight", {config.decoder.hidden, config.in_channels, config.patch_frames});
  return {weight.permute({0, 2, 1}).flatten(1).contiguous(),
          scope.take("bias", {config.decoder.hidden}), scope.placement().device};
}

// So is a transposed one, to a patch of frames.
nn::Linear take_patch_out(const weights::WeightScope& scope, const DitConfig& config) {
  const at::Tensor weight =
      scope.take("weight", {config.decoder.hidden, config.latent_channels, config.patch_frames});
  const at::Tensor bias = scope.take("bias", {config.latent_channels});
  return {weight.permute({2, 1, 0}).flatten(0, 1).contiguous(), bias.repeat({config.patch_frames}),
          scope.placement().device};
}

}  // namespace

Dit::Dit(const weights::WeightScope& decoder_scope, const DitConfig& config)
    : config_(config),
      dtype_(activation_dtype(decoder_scope.placement().dtype)),
      proj_in_(take_patch_in(decoder_scope.scope("proj_in.1"), config)),
      time_embed_(decoder_scope.scope("time_embed"), config.decoder.hidden),
      time_embed_r_(decoder_scope.scope("time_embed_r"), config.decoder.hidden),
      condition_embedder_(decoder_scope.scope("condition_embedder"), config.encoder.hidden,
                          config.decoder.hidden, nn::Bias::kPresent),
      norm_out_(decoder_scope.scope("norm_out"), config.decoder.hidden, config.rms_norm_epsilon),
      proj_out_(take_patch_out(decoder_scope.scope("proj_out.1"), config)),
      scale_shift_table_(
          decoder_scope.take_float("scale_shift_table", {1, 2, config.decoder.hidden})) {
  const weights::WeightScope layers = decoder_scope.scope("layers");
  for (int64_t i = 0; i < config.decoder_layers; ++i) layers_.emplace_back(layers.scope(i), config);
}

void Dit::visit_block(int64_t index, const nn::WeightVisitor& visit) {
  ACE_CHECK(0 <= index && index < blocks());
  layers_[index].visit_weights(visit);
}

void Dit::visit_outside_blocks(const nn::WeightVisitor& visit) {
  nn::visit_parts(visit, proj_in_, time_embed_, time_embed_r_, condition_embedder_, norm_out_,
                  proj_out_, scale_shift_table_);
}

void Dit::visit_weights(const nn::WeightVisitor& visit) {
  visit_outside_blocks(visit);
  nn::visit_parts(visit, layers_);
}

CrossStates Dit::prepare(const at::Tensor& encoder_states, BlockGate* gate, DitTrace* trace) const {
  const at::Tensor states = condition_embedder_(encoder_states.to(dtype_));
  nn::note(trace, "condition_embedder", states);
  CrossStates cross;
  for (int64_t i = 0; i < config_.decoder_layers; ++i) {
    if (gate != nullptr) gate->enter(i);
    cross.keys.push_back(layers_[i].cross_attn.keys(states).contiguous());
    cross.values.push_back(layers_[i].cross_attn.values(states).contiguous());
    if (gate != nullptr) gate->leave(i);
  }
  return cross;
}

at::Tensor Dit::velocity(const at::Tensor& x, const at::Tensor& context, const at::Tensor& t,
                         const at::Tensor& t_r, const CrossStates& cross, BlockGate* gate,
                         DitTrace* trace) const {
  const TimeEmbedding::Result time = embed_times(t, t_r, trace);
  at::Tensor patches = to_patches(at::cat({context.to(dtype_), x.to(dtype_)}, -1));
  nn::note(trace, "proj_in", patches);
  patches = run_layers(patches, time.modulation, cross, {.gate = gate, .trace = trace});
  const at::Tensor frames = proj_out_(normalise_out(patches, time.embedding, trace))
                                .unflatten(-1, {config_.patch_frames, config_.latent_channels})
                                .flatten(1, 2);
  return frames.narrow(1, 0, x.size(1)).to(x.scalar_type());
}

void Dit::listen(const at::Tensor& x, const at::Tensor& context, const at::Tensor& t,
                 const CrossStates& cross, CrossListener& listener, BlockGate* gate) const {
  const TimeEmbedding::Result time = embed_times(t, t, nullptr);
  const at::Tensor patches = to_patches(at::cat({context.to(dtype_), x.to(dtype_)}, -1));
  run_layers(patches, time.modulation, cross, {.gate = gate, .listener = &listener});
}

at::Tensor Dit::to_patches(const at::Tensor& frames) const {
  const int64_t patches = (frames.size(1) + config_.patch_frames - 1) / config_.patch_frames;
  const int64_t missing = patches * config_.patch_frames - frames.size(1);
  const at::Tensor padded = at::constant_pad_nd(frames, {0, 0, 0, missing});
  return proj_in_(padded.unflatten(1, {patches, config_.patch_frames}).flatten(2));
}

TimeEmbedding::Result Dit::embed_times(const at::Tensor& t, const at::Tensor& t_r,
                                       DitTrace* trace) const {
  const TimeEmbedding::Result now = time_embed_(t);
  const TimeEmbedding::Result span = time_embed_r_(t - t_r);
  nn::note(trace, "temb_t", now.embedding);
  nn::note(trace, "temb_r", span.embedding);
  nn::note(trace, "timestep_proj_t", now.modulation);
  nn::note(trace, "timestep_proj_r", span.modulation);
  return {now.embedding + span.embedding, now.modulation + span.modulation};
}

at::Tensor Dit::run_layers(at::Tensor x, const at::Tensor& modulation, const CrossStates& cross,
                           const Followers& followers) const {
  const auto [gate, trace, listener] = followers;
  ACE_CHECK(cross.keys.size() == layers_.size());
  const int64_t length = x.size(1);
  const nn::RotaryTable table =
      nn::make_rotary_table(0, length, config_.head_dim, config_.rope_theta, x.device()).to(dtype_);
  const nn::AttentionPattern full(length, {}, dtype_, x.device());
  const nn::AttentionPattern sliding(length, {.window = config_.sliding_window, .key_mask = {}},
                                     dtype_, x.device());
  const int64_t layers = listener ? listener->last_layer() + 1 : config_.decoder_layers;
  ACE_CHECK(layers <= config_.decoder_layers);
  for (int64_t i = 0; i < layers; ++i) {
    if (gate != nullptr) gate->enter(i);
    const bool is_sliding = config_.layer_kinds[i] == AttentionKind::kSliding;
    const DitLayer::Result result = layers_[i](x, {.modulation = modulation,
                                                   .table = table,
                                                   .pattern = is_sliding ? sliding : full,
                                                   .cross_keys = cross.keys[i],
                                                   .cross_values = cross.values[i],
                                                   .index = i,
                                                   .listener = listener});
    if (gate != nullptr) gate->leave(i);
    x = result.x;
    const std::string name = "layer" + std::to_string(i);
    nn::note(trace, name, x);
    nn::note(trace, name + ".self_attn", result.self_attn);
    nn::note(trace, name + ".cross_attn", result.cross_attn);
  }
  return x;
}

at::Tensor Dit::normalise_out(const at::Tensor& x, const at::Tensor& embedding,
                              DitTrace* trace) const {
  const auto modulation = (scale_shift_table_ + embedding.unsqueeze(1)).chunk(2, 1);
  const at::Tensor normalised = norm_out_(x);
  nn::note(trace, "norm_out", normalised);
  const at::Tensor modulated = modulate(normalised, modulation[1], modulation[0]);
  nn::note(trace, "before_proj_out", modulated);
  return modulated;
}

}  // namespace acestep::models
