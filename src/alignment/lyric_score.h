// How well a song sings its lyrics: whether every word is heard, in order, where the attention is.
#pragma once

#include <cstdint>
#include <vector>

#include "alignment/attention_map.h"
#include "alignment/token_texts.h"
#include "alignment/warp.h"

namespace acestep::alignment {

// 1 for tokens that are sung, 0 for what stands in [brackets].
std::vector<bool> sung_tokens(const TokenIds& ids, const Decode& decode);

struct ScoredPath {
  AttentionMap energy;         // the heads' mean, from 0 to 1
  std::vector<WarpStep> path;  // through its squares
};
// median_width: of the running median over frames; odd, 1 is off. Throws what require_sound()
// throws.
ScoredPath score_path(const HeadMaps& heads, int64_t median_width = 1);

// Each from 0 to 1.
struct LyricScore {
  double coverage = 0.0;      // sung tokens that reach a tenth of the largest attention
  double monotonicity = 0.0;  // of those with attention, that come after the one before
  double confidence = 0.0;    // mean attention along the path
  double total = 0.0;         // coverage² · monotonicity² · confidence, to 4 places
};
// is_sung: one entry a row; of another length it counts as all sung (reference: dit_score.py).
LyricScore score_lyrics(const ScoredPath& scored, std::vector<bool> is_sung);

}  // namespace acestep::alignment
