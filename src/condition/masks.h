// Which frames the DiT makes anew, and which frames of its source are the song's own.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "condition/latent_plan.h"

namespace acestep::condition {

enum class ChunkMaskMode {
  kAuto,      // every frame is marked, whatever the span (reference: 2.0 stored into a bool tensor)
  kExplicit,  // the span alone is marked
};

// What a song's task does with its source.
struct SourceUse {
  bool is_cover = false;    // the source is heard through its audio tokens
  bool has_codes = false;   // audio codes are given: they are the source, and make it a cover
  bool is_audible = false;  // there is source audio that is not silence
  bool keeps_source_in_span = false;  // lego: the DiT sees the source inside the span too
  std::vector<FrameSpan> spans;       // repaint, lego: the parts made anew; empty: all of it
  ChunkMaskMode mode = ChunkMaskMode::kAuto;
};

struct ChunkMasks {
  at::Tensor chunk;      // [B, T] bool: frames the DiT is told to make
  at::Tensor is_source;  // [B, T] bool: frames of src_latents that are the source, not silence
  at::Tensor is_cover;   // [B] bool: src_latents are the token hints
  at::Tensor is_new;     // [B, T] bool, true outside every span too for songs without one;
                         // undefined when no song has a span
};

// Masks of B songs of `frames` latent frames, on the CPU.
ChunkMasks make_chunk_masks(const std::vector<SourceUse>& songs, int64_t frames);

}  // namespace acestep::condition
