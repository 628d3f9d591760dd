#include "alignment/median_filter.h"

#include <algorithm>

#include "util/error.h"

namespace acestep::alignment {
namespace {

// Where frame `i` lies after mirroring at the first and the last frame, which are not repeated.
int64_t mirrored(int64_t i, int64_t frames) {
  if (i < 0) return -i;
  return i < frames ? i : 2 * (frames - 1) - i;
}

}  // namespace

void median_filter(AttentionMap& map, int64_t width) {
  ACE_CHECK(width >= 1 && width % 2 == 1);
  const int64_t reach = width / 2;
  if (reach == 0 || map.frames <= reach) return;
  std::vector<float> around(static_cast<size_t>(width));
  std::vector<float> filtered(static_cast<size_t>(map.frames));
  for (int64_t token = 0; token < map.tokens; ++token) {
    const std::span<float> row = map.row(token);
    for (int64_t frame = 0; frame < map.frames; ++frame) {
      for (int64_t i = -reach; i <= reach; ++i) {
        around[static_cast<size_t>(i + reach)] =
            row[static_cast<size_t>(mirrored(frame + i, map.frames))];
      }
      std::nth_element(around.begin(), around.begin() + reach, around.end());
      filtered[static_cast<size_t>(frame)] = around[static_cast<size_t>(reach)];
    }
    std::copy(filtered.begin(), filtered.end(), row.begin());
  }
}

}  // namespace acestep::alignment
