// The known name that a misspelt one most likely means.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acestep::request {

// Letters to insert, delete, replace or swap with a neighbour to get from one to the other.
size_t edit_distance(std::string_view from, std::string_view to);

// The name with the fewest edits, ignoring case; absent when all need more than a third of the
// letters.
std::optional<std::string> nearest_name(std::string_view name,
                                        const std::vector<std::string>& known);

}  // namespace acestep::request
