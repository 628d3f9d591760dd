// The diffusion transformer: from noisy latents, time and conditions to the velocity of the flow.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "models/dit_config.h"
#include "models/dit_layer.h"
#include "models/dit_time_embedding.h"
#include "nn/block_gate.h"
#include "nn/linear.h"
#include "nn/rms_norm.h"
#include "nn/trace.h"
#include "nn/weight_visitor.h"
#include "weights/weight_scope.h"

namespace acestep::models {

using nn::BlockGate;
using DitTrace = nn::Trace;

// The conditions as every layer's cross-attention needs them: they do not change from step to step.
struct CrossStates {
  std::vector<at::Tensor> keys;    // per layer [B, kv_heads, L, head_dim]
  std::vector<at::Tensor> values;  // per layer [B, kv_heads, L, head_dim]
};

// Computes in activation_dtype of its weights, whatever the type of its inputs.
class Dit {
 public:
  // decoder_scope: the part dit_part::kDecoder.
  Dit(const weights::WeightScope& decoder_scope, const DitConfig& config);

  // encoder_states: [B, L, encoder hidden]: PackedCondition::states, every row of which is
  // attended.
  CrossStates prepare(const at::Tensor& encoder_states, BlockGate* gate = nullptr,
                      DitTrace* trace = nullptr) const;

  // x: [B, T, 64] noisy latents, context: [B, T, 128] source latents and chunk mask, t and t_r: [B]
  // float32 (equal at inference) -> velocity [B, T, 64] in x's dtype. gate is told of every layer;
  // trace collects intermediates for tests.
  at::Tensor velocity(const at::Tensor& x, const at::Tensor& context, const at::Tensor& t,
                      const at::Tensor& t_r, const CrossStates& cross, BlockGate* gate = nullptr,
                      DitTrace* trace = nullptr) const;

  // The same as far as the last layer that `listener` wants, for what it hears there. Of one song.
  void listen(const at::Tensor& x, const at::Tensor& context, const at::Tensor& t,
              const CrossStates& cross, CrossListener& listener, BlockGate* gate = nullptr) const;

  // The layers of which a gate is told.
  int64_t blocks() const { return static_cast<int64_t>(layers_.size()); }
  // The weights of layer `index`, 0 … blocks() - 1.
  void visit_block(int64_t index, const nn::WeightVisitor& visit);
  // The weights that are in use before, between and after the layers.
  void visit_outside_blocks(const nn::WeightVisitor& visit);
  void visit_weights(const nn::WeightVisitor& visit);

 private:
  // [B, T, in_channels] -> [B, ceil(T / patch), hidden].
  at::Tensor to_patches(const at::Tensor& frames) const;
  TimeEmbedding::Result embed_times(const at::Tensor& t, const at::Tensor& t_r,
                                    DitTrace* trace) const;
  // Who follows the layers; any may be absent.
  struct Followers {
    BlockGate* gate = nullptr;
    DitTrace* trace = nullptr;
    CrossListener* listener = nullptr;  // none of the layers behind its last one run
  };
  // All layers on x [B, P, hidden].
  at::Tensor run_layers(at::Tensor x, const at::Tensor& modulation, const CrossStates& cross,
                        const Followers& followers) const;
  // The final norm under the time's modulation; x: [B, P, hidden], embedding: [B, hidden].
  at::Tensor normalise_out(const at::Tensor& x, const at::Tensor& embedding, DitTrace* trace) const;

  DitConfig config_;
  at::ScalarType dtype_;
  nn::Linear proj_in_;  // of patch_frames consecutive frames
  TimeEmbedding time_embed_;
  TimeEmbedding time_embed_r_;
  nn::Linear condition_embedder_;
  std::vector<DitLayer> layers_;
  nn::RmsNorm norm_out_;
  nn::Linear proj_out_;           // to patch_frames consecutive frames
  at::Tensor scale_shift_table_;  // [1, 2, hidden] float32
};

}  // namespace acestep::models
