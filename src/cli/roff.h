// Text for manual pages: what roff would read as its own is escaped.
#pragma once

#include <string>
#include <string_view>

namespace acestep::cli {

// One or more lines of plain text as roff input. Backslashes, hyphens, quotes and characters beyond
// ASCII become escapes; a line that would begin with a request ('.' or "'") is protected.
std::string roff_text(std::string_view text);

// The same in bold, in italics.
std::string roff_bold(std::string_view text);
std::string roff_italic(std::string_view text);

// ".SH \"SEE ALSO\"" and the like: a request with one quoted argument.
std::string roff_request(std::string_view request, std::string_view argument);

}  // namespace acestep::cli
