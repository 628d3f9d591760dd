// From words and audio codes to everything the DiT is told about a batch of songs.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "condition/encoded_text.h"
#include "condition/latent_plan.h"
#include "condition/masks.h"
#include "condition/prompt_tokens.h"
#include "models/audio_detokenizer.h"
#include "models/audio_tokenizer.h"
#include "models/condition_encoder.h"
#include "models/text_encoder.h"
#include "song/conditioning.h"
#include "song/stage_context.h"

namespace acestep::condition {

// One song to condition.
struct ConditionRequest {
  PromptTokens prompt;
  std::vector<int64_t> audio_codes;  // 0 … codebook size − 1; empty: none
  std::optional<double> seconds;     // as in LengthRequest
  SourceUse source_use;              // has_codes is set from audio_codes
  at::Tensor source;                 // [F, 64] latents of source audio; undefined: silence or codes
  at::Tensor reference = {};         // [R, 64] latents of reference audio; undefined: silence
  // Flow edit: the words that describe the source.
  std::optional<PromptTokens> source_prompt = std::nullopt;
  bool hears_silence = false;  // the DiT does not hear the source, which is only edited
};

// What the conditioner works with; all must outlive it.
struct ConditionModels {
  const models::TextEncoder& text_encoder;
  const models::ConditionEncoder& condition_encoder;
  const models::AudioTokenizer& tokenizer;
  const models::AudioDetokenizer& detokenizer;
  at::Tensor silence;            // [1, S, 64], the DiT folder's silence latent
  int64_t pad_id = 0;            // the text tokenizer's
  int64_t reference_frames = 0;  // 25 Hz frames of one reference: DitConfig::timbre_frames
};

class Conditioner {
 public:
  explicit Conditioner(ConditionModels models) : models_(std::move(models)) {}

  // Conditions for a batch whose songs share their length and the kinds of what they are given.
  // Rows of shorter prompts are padded; a batch of one song has no padding. Without reference audio
  // the timbre is that of silence.
  song::Conditioning run(const std::vector<ConditionRequest>& songs,
                         const song::StageContext& context) const;

 private:
  at::Tensor song_source(const ConditionRequest& song, int64_t frames, at::Device device) const;
  at::Tensor cover_hints(const std::vector<ConditionRequest>& songs,
                         const at::Tensor& source) const;
  at::Tensor heard_source(const std::vector<ConditionRequest>& songs, const at::Tensor& source,
                          const at::Tensor& is_cover) const;
  at::Tensor references(const std::vector<ConditionRequest>& songs) const;
  song::ConditionSet condition_set(const EncodedText& text, const EncodedText& lyrics,
                                   const at::Tensor& references, at::Tensor context) const;

  ConditionModels models_;
};

}  // namespace acestep::condition
