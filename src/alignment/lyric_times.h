// When each line, word and token of a song's lyrics is sung.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "alignment/token_texts.h"
#include "alignment/warp.h"

namespace acestep::alignment {

// Seconds from the song's start.
struct TokenTime {
  int64_t id = 0;
  std::string text = {};  // see token_texts()
  double start = 0.0;
  double end = 0.0;
};

struct WordTime {
  std::string text = {};  // without space around it
  double start = 0.0;
  double end = 0.0;
};

struct LineTime {
  std::string text = {};  // without space around it; tags like [Verse] are lines, too
  double start = 0.0;     // rounded to milliseconds, as is the end
  double end = 0.0;
  std::vector<TokenTime> tokens = {};
  std::vector<WordTime> words = {};
};

struct LyricTimes {
  double seconds = 0.0;  // of the song
  std::vector<TokenTime> tokens = {};
  std::vector<LineTime> lines = {};
};

struct SungLyrics {
  TokenIds ids = {};     // of the lyrics, a row of the attention each
  double seconds = 0.0;  // of the song
  int64_t frames = 0;    // of the attention in these seconds
};

// A token is sung from its first to its last frame on the path; a line ends with the token that
// holds a line's end, and lines without text are left out.
LyricTimes time_lyrics(const SungLyrics& song, const std::vector<WarpStep>& path,
                       const Decode& decode);

}  // namespace acestep::alignment
