// Which characters each token of a text brings.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace acestep::alignment {

using TokenIds = std::vector<int64_t>;
// Ids to UTF-8 text; an incomplete character at an end becomes U+FFFD.
using Decode = std::function<std::string(const TokenIds&)>;

// One text a token, as the decoded beginning of the lyrics grows with it. Of a character that
// several tokens share the first brings U+FFFD and the others nothing (reference:
// dit_alignment.py).
std::vector<std::string> token_texts(const TokenIds& ids, const Decode& decode);

// Does `text` end inside a character?
bool ends_incomplete(const std::string& text);

}  // namespace acestep::alignment
