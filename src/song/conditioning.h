// What the DiT is told about a batch of songs.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>

namespace acestep::song {

// One complete set of conditions for B songs of T latent frames.
struct ConditionSet {
  at::Tensor states;  // [B, L, H] lyric, timbre and text rows, valid rows first; model dtype
  at::Tensor mask;    // [B, L] bool, true for valid rows
  at::Tensor
      context;  // [B, T, 128] source latents, then the chunk mask on 64 channels; model dtype
};

// What a song keeps of its source outside the part that is made anew (repaint, lego).
struct KeptSource {
  at::Tensor is_new;   // [B, T] bool, true where the song is made anew
  at::Tensor latents;  // [B, T, 64] float32 clean source
};

struct Conditioning {
  ConditionSet conditions = {};
  // In force after the cover's share of the steps.
  std::optional<ConditionSet> without_cover = std::nullopt;
  // Flow edit: the words that describe the source in the place of the song's.
  std::optional<ConditionSet> of_source = std::nullopt;
  at::Tensor source =
      {};  // [B, T, 64] float32: what cover noise is mixed with, and flow edit edits
  std::optional<KeptSource> kept = std::nullopt;
  int64_t frames = 0;            // T: at least 128
  int64_t requested_frames = 0;  // what the user asked for; the rest is cropped after decoding
};

}  // namespace acestep::song
