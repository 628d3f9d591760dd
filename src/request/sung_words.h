// Whether lyrics hold anything to sing.
#pragma once

#include <string_view>

namespace acestep::request {

// Is there anything but white space outside of [brackets]? "[Instrumental]" has nothing to sing.
bool has_sung_words(std::string_view lyrics);

}  // namespace acestep::request
