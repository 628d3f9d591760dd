// The reference's reading of a seed field: what becomes of "7", "1,2,3" or "abc,4" for a batch.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace acestep::condition {

// One seed per song; absent where the reference draws one at random: for entries that are empty, -1
// or no number, for songs beyond the list, and for all songs but the first of a single seed.
// Numbers with a fraction lose it.
std::vector<std::optional<int64_t>> reference_seeds(int64_t songs, std::string_view text);

}  // namespace acestep::condition
