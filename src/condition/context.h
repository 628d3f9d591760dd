// The DiT's context: what each frame of the song is to be made from, and which frames are to be
// made.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "models/audio_detokenizer.h"
#include "models/audio_tokenizer.h"

namespace acestep::condition {

// Letters: B songs, T latent frames.

// The first `frames` frames of silence, repeated from its start when there are too few.
// silence: [1, S, 64] -> [1, frames, 64].
at::Tensor silence_frames(const at::Tensor& silence, int64_t frames);

// `latents` [1, F, 64] cut to `frames`, or continued by the first frames of silence.
at::Tensor fit_frames(const at::Tensor& latents, const at::Tensor& silence, int64_t frames);

// Hints for the song that audio codes describe: [1, 5·n, 64]. Codes must lie in the codebook.
at::Tensor hints_from_codes(const std::vector<int64_t>& codes,
                            const models::AudioTokenizer& tokenizer,
                            const models::AudioDetokenizer& detokenizer, at::Device device);

// Hints for a cover: the source through its own audio codes, cut to its length. [B, T, 64] -> same.
at::Tensor hints_from_source(const at::Tensor& source, const at::Tensor& silence,
                             const models::AudioTokenizer& tokenizer,
                             const models::AudioDetokenizer& detokenizer);

// source: [B, T, 64]; chunk: [B, T] or [B, T, 64], non-zero where frames are to be made.
// -> [B, T, 128] in source's dtype.
at::Tensor make_context(const at::Tensor& source, const at::Tensor& chunk);

// The source of covers is replaced by their hints. hints: [B, ≥ T, 64]; is_cover: [B].
at::Tensor replace_covers(const at::Tensor& source, const at::Tensor& hints,
                          const at::Tensor& is_cover);

}  // namespace acestep::condition
