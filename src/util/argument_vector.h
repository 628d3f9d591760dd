// Programs that a user names, as a list of arguments: no shell ever sees them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace acestep::util {

// The program first.
using ArgumentVector = std::vector<std::string>;

// text: a JSON list of texts such as ["ffmpeg","-i","{}"], the program first. Throws Error kUsage
// saying what `option` expects when it is none, or its program is empty.
ArgumentVector parse_argument_vector(std::string_view text, const std::string& option);

// With every "{}" within the arguments behind the program replaced.
ArgumentVector with_file(ArgumentVector arguments, const std::string& file);
// Has any argument behind the program a place for a file?
bool takes_file(const ArgumentVector& arguments);

}  // namespace acestep::util
