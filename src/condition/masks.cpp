#include "condition/masks.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace acestep::condition {

ChunkMasks make_chunk_masks(const std::vector<SourceUse>& songs, int64_t frames) {
  const auto count = static_cast<int64_t>(songs.size());
  const auto bools = at::TensorOptions(at::kBool).device(at::kCPU);
  ChunkMasks masks{at::ones({count, frames}, bools),
                   at::zeros({count, frames}, bools),
                   at::zeros({count}, bools),
                   {}};
  const at::Tensor is_new = at::ones({count, frames}, bools);
  bool any_span = false;
  for (int64_t i = 0; i < count; ++i) {
    const SourceUse& song = songs[static_cast<std::size_t>(i)];
    masks.is_cover.select(0, i).fill_(song.spans.empty() && (song.is_cover || song.has_codes));
    const at::Tensor is_source = masks.is_source.select(0, i);
    is_source.fill_(song.has_codes || song.is_audible);
    if (song.spans.empty()) continue;

    any_span = true;
    const auto set_spans = [&song](const at::Tensor& row, bool inside) {
      for (const FrameSpan& span : song.spans) row.slice(0, span.first, span.end).fill_(inside);
    };
    is_new.select(0, i).fill_(false);
    set_spans(is_new.select(0, i), true);
    if (song.mode == ChunkMaskMode::kExplicit) {
      masks.chunk.select(0, i).fill_(false);
      set_spans(masks.chunk.select(0, i), true);
    }
    if (!song.keeps_source_in_span) set_spans(is_source, false);
  }
  if (any_span) masks.is_new = is_new;
  return masks;
}

}  // namespace acestep::condition
