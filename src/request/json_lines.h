// Where the keys of a JSON text stand, which the parser does not tell.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace acestep::request {

// text: a valid JSON object. The 1-based lines of its keys and, as "key/inner key", of the keys of
// objects directly in it. Linear in the text's length.
std::map<std::string, int> lines_of_keys(std::string_view text);

}  // namespace acestep::request
