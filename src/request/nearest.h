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

// "allowed: ode, sde", with "; did you mean 'sde'?" behind it when one is near.
std::string allowed_choices(std::string_view given, const std::vector<std::string>& choices);

}  // namespace acestep::request
