// Words of a line, for texts that follow the singer word by word.
#pragma once

#include <vector>

#include "alignment/lyric_times.h"

namespace acestep::alignment {

// A word ends before a space; in scripts without spaces (Chinese, Japanese) every character that
// begins a token is one. Joined with the line's spaces they are its text.
std::vector<WordTime> words_of(const std::vector<TokenTime>& tokens, const Decode& decode);

}  // namespace acestep::alignment
