// Timed lyrics as the texts that players read.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "alignment/lyric_times.h"

namespace acestep::alignment {

enum class LyricFormat {
  kLrc,          // [mm:ss.xx]line
  kEnhancedLrc,  // the same with <mm:ss.xx> before each word
  kVtt,          // WebVTT
  kSrt,          // SubRip
  kJson,
};

// "lrc", "elrc", "vtt", "srt", "json"; Error kUsage otherwise.
LyricFormat parse_lyric_format(const std::string& name);
// ".lrc" for both kinds of it, ".vtt", ".srt", ".json".
std::string suffix_of(LyricFormat format);

enum class LineEnds { kLeftOut, kWritten };

// UTF-8 text. ends: [mm:ss.xx] a second time in LRC, <mm:ss.xx> behind the line in enhanced LRC;
// the others have ends always. LRC ends without a newline, as the reference's does.
std::string write_lyrics(const LyricTimes& times, LyricFormat format,
                         LineEnds ends = LineEnds::kLeftOut);

// Lines with words and their times, in seconds.
nlohmann::json lyrics_json(const LyricTimes& times);

}  // namespace acestep::alignment
