// The way through lyrics and time on which every word follows the one before (dynamic time
// warping).
#pragma once

#include <cstdint>
#include <vector>

#include "alignment/attention_map.h"

namespace acestep::alignment {

// A point of the way: this token at this frame.
struct WarpStep {
  int64_t token = 0;
  int64_t frame = 0;

  bool operator==(const WarpStep&) const = default;
};

// From the first token at the first frame to the last at the last: the way that gathers most
// `evidence`, by steps to the next token, the next frame or both. Sums are float32; of equal ways
// the one through the same token's earlier frame is taken (reference: _dtw.py). evidence: finite
// and not empty.
std::vector<WarpStep> find_path(const AttentionMap& evidence);

}  // namespace acestep::alignment
