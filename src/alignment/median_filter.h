// A running median along the frames of each token.
#pragma once

#include <cstdint>

#include "alignment/attention_map.h"

namespace acestep::alignment {

// Each number becomes the median of the `width` (odd) around it, mirrored at both ends. Songs of no
// more than width / 2 frames stay as they are.
void median_filter(AttentionMap& map, int64_t width);

}  // namespace acestep::alignment
