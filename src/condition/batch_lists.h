// Lists given for a batch, brought to one entry per song by the reference's rules.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace acestep::condition {

using OptionalText = std::optional<std::string>;

// given: absent, or one entry for all songs, or one per song; shorter lists are filled with
// `filler`, longer ones cut.
std::vector<OptionalText> one_per_song(const std::optional<std::vector<OptionalText>>& given,
                                       int64_t songs, const OptionalText& filler);

// The same for audio codes: songs beyond the list and blank entries have none.
std::vector<OptionalText> code_hints_per_song(const std::optional<std::vector<OptionalText>>& given,
                                              int64_t songs);

}  // namespace acestep::condition
