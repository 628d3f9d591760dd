// Everything the diffusion transformer is told about a song: caption, lyrics and reference timbre,
// encoded and packed into one sequence.
#pragma once

#include <ATen/core/Tensor.h>

#include "models/dit_config.h"
#include "models/encoder_layer.h"
#include "models/sequence_packing.h"
#include "nn/linear.h"
#include "nn/trace.h"
#include "nn/weight_visitor.h"
#include "weights/weight_scope.h"

namespace acestep::models {

struct LyricEncoder {
  nn::Linear embed_tokens;
  EncoderStack stack;

  LyricEncoder(const weights::WeightScope& scope, const DitConfig& config);

  // states: [B, L, text_hidden], mask: [B, L] -> [B, L, hidden].
  at::Tensor operator()(const at::Tensor& states, const at::Tensor& mask, nn::Trace* trace) const;

  void visit_weights(const nn::WeightVisitor& visit) {
    nn::visit_parts(visit, embed_tokens, stack);
  }
};

struct TimbreEncoder {
  nn::Linear embed_tokens;
  EncoderStack stack;
  // XL prepends this token and takes its output; the 2B models hold one that they never use, and
  // take the first frame's output. Undefined on 2B.
  at::Tensor special_token;

  TimbreEncoder(const weights::WeightScope& scope, const DitConfig& config);

  // latents: [N, F, timbre_hidden] -> one state per reference, [N, hidden].
  at::Tensor operator()(const at::Tensor& latents, nn::Trace* trace) const;

  void visit_weights(const nn::WeightVisitor& visit) {
    nn::visit_parts(visit, embed_tokens, stack, special_token);
  }
};

// The packed condition sequence: valid lyrics, valid timbres, valid text, then all padding rows.
// The decoder attends to every row, padding too (as the reference does).
struct PackedCondition {
  at::Tensor states;  // [B, L, encoder hidden]
  at::Tensor mask;    // [B, L] bool
};

class ConditionEncoder {
 public:
  // scope: the part dit_part::kEncoder.
  ConditionEncoder(const weights::WeightScope& scope, const DitConfig& config);

  // text_states: [B, T, text_hidden], text_mask: [B, T], lyric_states: [B, L, text_hidden],
  // lyric_mask: [B, L] (masks of any type, non-zero = valid), refer_packed: [N, F, timbre_hidden],
  // the latents of all reference audio, refer_order: [N] int64, the batch item each belongs to.
  // Computed and returned in activation_dtype of the weights.
  PackedCondition operator()(const at::Tensor& text_states, const at::Tensor& text_mask,
                             const at::Tensor& lyric_states, const at::Tensor& lyric_mask,
                             const at::Tensor& refer_packed, const at::Tensor& refer_order,
                             nn::Trace* trace = nullptr) const;

  void visit_weights(const nn::WeightVisitor& visit) {
    nn::visit_parts(visit, text_projector_, lyric_encoder_, timbre_encoder_);
  }

 private:
  at::ScalarType dtype_;
  nn::Linear text_projector_;
  LyricEncoder lyric_encoder_;
  TimbreEncoder timbre_encoder_;
};

}  // namespace acestep::models
