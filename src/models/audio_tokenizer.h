// Audio latents to 5 Hz audio codes.
#pragma once

#include <ATen/core/Tensor.h>

#include "models/dit_config.h"
#include "models/encoder_layer.h"
#include "models/fsq.h"
#include "nn/linear.h"
#include "nn/trace.h"
#include "nn/weight_visitor.h"
#include "weights/weight_scope.h"

namespace acestep::models {

// Attends over the frames of one code and gives the state of a token placed before them.
struct AttentionPooler {
  nn::Linear embed_tokens;
  at::Tensor special_token;  // [1, 1, hidden]
  EncoderStack stack;

  AttentionPooler(const weights::WeightScope& scope, const DitConfig& config);

  // frames: [B, N, pool_frames, hidden] -> [B, N, hidden].
  at::Tensor operator()(const at::Tensor& frames) const;

  void visit_weights(const nn::WeightVisitor& visit) {
    nn::visit_parts(visit, embed_tokens, special_token, stack);
  }
};

class AudioTokenizer {
 public:
  // scope: the part dit_part::kTokenizer.
  AudioTokenizer(const weights::WeightScope& scope, const DitConfig& config);

  struct Result {
    at::Tensor quantized;  // [B, N, hidden]
    at::Tensor indices;    // [B, N, 1] int64
    at::Tensor mask;       // [B, N] float32: 1 where any frame of the code is valid
  };
  // latents: [B, T, 64] at 25 Hz, silence_latent: [1, ≥ pool_frames - 1, 64] (its first frames fill
  // the last code), mask: [B, T] of any type -> N = ceil(T / pool_frames). Computed in
  // activation_dtype of the weights.
  Result operator()(const at::Tensor& latents, const at::Tensor& silence_latent,
                    const at::Tensor& mask, nn::Trace* trace = nullptr) const;

  const Fsq& quantizer() const { return quantizer_; }

  void visit_weights(const nn::WeightVisitor& visit) {
    nn::visit_parts(visit, audio_acoustic_proj_, attention_pooler_, quantizer_);
  }

 private:
  int64_t pool_frames_;
  at::ScalarType dtype_;
  nn::Linear audio_acoustic_proj_;
  AttentionPooler attention_pooler_;
  Fsq quantizer_;
};

}  // namespace acestep::models
