#include "alignment/lyric_files.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>

#include "util/decimal.h"
#include "util/error.h"

namespace acestep::alignment {
namespace {

using nlohmann::json;

constexpr int kMillisecondPlaces = 3;

// "mm:ss.xx", rounded as a whole: 59.999 s is 01:00.00 (the reference writes 00:60.00).
std::string lrc_time(double seconds) {
  constexpr int64_t kPerMinute = 6000;
  const int64_t hundredths = std::llround(util::rounded(seconds, 2) * 100.0);
  char text[48];
  std::snprintf(text, sizeof(text), "%02lld:%02lld.%02lld",
                static_cast<long long>(hundredths / kPerMinute),
                static_cast<long long>(hundredths % kPerMinute / 100),
                static_cast<long long>(hundredths % 100));
  return text;
}

// "hh:mm:ss.mmm", or with another mark before the milliseconds.
std::string cue_time(double seconds, char mark) {
  const int64_t all = std::llround(util::rounded(seconds, kMillisecondPlaces) * 1000.0);
  char text[64];
  std::snprintf(text, sizeof(text), "%02lld:%02lld:%02lld%c%03lld",
                static_cast<long long>(all / 3600000), static_cast<long long>(all / 60000 % 60),
                static_cast<long long>(all / 1000 % 60), mark, static_cast<long long>(all % 1000));
  return text;
}

// "[mm:ss.xx]" or "<mm:ss.xx>".
std::string lrc_mark(double seconds, char open, char close) {
  return std::string(1, open).append(lrc_time(seconds)).append(1, close);
}

std::string lrc_line(const LineTime& line, LineEnds ends) {
  std::string text = lrc_mark(line.start, '[', ']');
  if (ends == LineEnds::kWritten) text += lrc_mark(line.end, '[', ']');
  return text + line.text;
}

// The line's own spaces stay between its words.
std::string enhanced_line(const LineTime& line, LineEnds ends) {
  std::string text = lrc_mark(line.start, '[', ']');
  size_t place = 0;
  for (const WordTime& word : line.words) {
    const size_t found = line.text.find(word.text, place);
    if (found == std::string::npos) continue;
    text.append(line.text, place, found - place);
    text.append(lrc_mark(word.start, '<', '>')).append(word.text);
    place = found + word.text.size();
  }
  text.append(line.text, place);
  if (ends == LineEnds::kWritten) text += lrc_mark(line.end, '<', '>');
  return text;
}

template <typename WriteLine>
std::string join_lines(const LyricTimes& times, const WriteLine& write) {
  std::string text;
  for (const LineTime& line : times.lines) {
    if (!text.empty()) text += '\n';
    text += write(line);
  }
  return text;
}

// Players drop cues without length: such a line stands until the next one, or the song's end.
double cue_end(const LyricTimes& times, size_t index) {
  constexpr double kShortestCue = 0.001;
  const LineTime& line = times.lines[index];
  if (line.end > line.start) return line.end;
  const bool is_last = index + 1 == times.lines.size();
  const double next = is_last ? times.seconds : times.lines[index + 1].start;
  return std::max(next, line.start + kShortestCue);
}

// What a browser would take for markup.
std::string escaped_for_vtt(const std::string& line) {
  std::string text;
  for (const char c : line) {
    if (c == '&')
      text += "&amp;";
    else if (c == '<')
      text += "&lt;";
    else if (c == '>')
      text += "&gt;";
    else
      text += c;
  }
  return text;
}

std::string write_cues(const LyricTimes& times, LyricFormat format) {
  const bool is_vtt = format == LyricFormat::kVtt;
  const char mark = is_vtt ? '.' : ',';
  std::string text = is_vtt ? "WEBVTT\n\n" : "";
  for (size_t i = 0; i < times.lines.size(); ++i) {
    const LineTime& line = times.lines[i];
    text += std::to_string(i + 1) + "\n" + cue_time(line.start, mark) + " --> " +
            cue_time(cue_end(times, i), mark) + "\n" +
            (is_vtt ? escaped_for_vtt(line.text) : line.text) + "\n\n";
  }
  return text;
}

const std::map<std::string, LyricFormat>& formats() {
  static const std::map<std::string, LyricFormat> table = {{"lrc", LyricFormat::kLrc},
                                                           {"elrc", LyricFormat::kEnhancedLrc},
                                                           {"vtt", LyricFormat::kVtt},
                                                           {"srt", LyricFormat::kSrt},
                                                           {"json", LyricFormat::kJson}};
  return table;
}

}  // namespace

LyricFormat parse_lyric_format(const std::string& name) {
  if (const auto found = formats().find(name); found != formats().end()) return found->second;
  throw Error(ErrorCode::kUsage, "lyric format '" + name + "' is not known",
              "use lrc, elrc, vtt, srt or json");
}

std::string suffix_of(LyricFormat format) {
  if (format == LyricFormat::kEnhancedLrc) return ".lrc";
  for (const auto& [name, known] : formats()) {
    if (known == format) return "." + name;
  }
  ACE_CHECK(false);
}

std::string write_lyrics(const LyricTimes& times, LyricFormat format, LineEnds ends) {
  switch (format) {
    case LyricFormat::kLrc:
      return join_lines(times, [&](const LineTime& line) { return lrc_line(line, ends); });
    case LyricFormat::kEnhancedLrc:
      return join_lines(times, [&](const LineTime& line) { return enhanced_line(line, ends); });
    case LyricFormat::kVtt:
    case LyricFormat::kSrt:
      return write_cues(times, format);
    case LyricFormat::kJson:
      return lyrics_json(times).dump(2, ' ', /*ensure_ascii=*/false,
                                     json::error_handler_t::replace) +
             "\n";
  }
  ACE_CHECK(false);
}

json lyrics_json(const LyricTimes& times) {
  json lines = json::array();
  for (const LineTime& line : times.lines) {
    json words = json::array();
    for (const WordTime& word : line.words) {
      words.push_back({{"text", word.text},
                       {"start", util::rounded(word.start, kMillisecondPlaces)},
                       {"end", util::rounded(word.end, kMillisecondPlaces)}});
    }
    lines.push_back({{"text", line.text},
                     {"start", line.start},
                     {"end", line.end},
                     {"words", std::move(words)}});
  }
  return {{"seconds", times.seconds}, {"lines", std::move(lines)}};
}

}  // namespace acestep::alignment
