// How much each piece of a song listens to each word of its lyrics, as plain numbers.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace acestep::alignment {

// [tokens, frames], a token's frames side by side.
struct AttentionMap {
  int64_t tokens = 0;
  int64_t frames = 0;
  std::vector<float> values = {};

  AttentionMap() = default;
  AttentionMap(int64_t tokens, int64_t frames);

  std::span<const float> row(int64_t token) const;
  std::span<float> row(int64_t token);
  float at(int64_t token, int64_t frame) const { return row(token)[static_cast<size_t>(frame)]; }
};

// One map a head, all of one size.
using HeadMaps = std::vector<AttentionMap>;

// The maps' mean. heads: at least one.
AttentionMap mean_of(const HeadMaps& heads);

// Throws Error kRejected where a number is NaN or infinite, kInternal where sizes differ or there
// is nothing.
void require_sound(const HeadMaps& heads);

}  // namespace acestep::alignment
