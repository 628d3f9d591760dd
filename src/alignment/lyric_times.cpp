#include "alignment/lyric_times.h"

#include <algorithm>
#include <optional>

#include "alignment/words.h"
#include "text/python_text.h"
#include "util/decimal.h"
#include "util/error.h"

namespace acestep::alignment {
namespace {

constexpr int kMillisecondPlaces = 3;

struct FrameSpan {
  int64_t first = 0;
  int64_t last = 0;
};

// Of each token; a token that the path passes by has none.
std::vector<std::optional<FrameSpan>> spans_on(const std::vector<WarpStep>& path, size_t tokens) {
  std::vector<std::optional<FrameSpan>> spans(tokens);
  for (const WarpStep& step : path) {
    if (step.token >= static_cast<int64_t>(tokens)) continue;
    std::optional<FrameSpan>& span = spans[static_cast<size_t>(step.token)];
    if (!span) span = FrameSpan{step.frame, step.frame};
    span->last = step.frame;
  }
  return spans;
}

std::vector<TokenTime> time_tokens(const SungLyrics& song, const std::vector<WarpStep>& path,
                                   const Decode& decode) {
  const double frame_seconds = song.seconds / static_cast<double>(song.frames);
  const auto spans = spans_on(path, song.ids.size());
  const std::vector<std::string> texts = token_texts(song.ids, decode);
  std::vector<TokenTime> tokens;
  for (size_t i = 0; i < song.ids.size(); ++i) {
    TokenTime token{.id = song.ids[i], .text = texts[i]};
    if (spans[i]) {
      token.start = static_cast<double>(spans[i]->first) * frame_seconds;
      token.end = static_cast<double>(spans[i]->last) * frame_seconds;
    } else {
      token.start = token.end = tokens.empty() ? 0.0 : tokens.back().end;
    }
    tokens.push_back(std::move(token));
  }
  return tokens;
}

void add_line(std::vector<TokenTime> tokens, const Decode& decode, std::vector<LineTime>& lines) {
  TokenIds ids;
  for (const TokenTime& token : tokens) ids.push_back(token.id);
  LineTime line{.text = text::strip(decode(ids)),
                .start = util::rounded(tokens.front().start, kMillisecondPlaces),
                .end = util::rounded(tokens.back().end, kMillisecondPlaces)};
  if (line.text.empty()) return;
  line.words = words_of(tokens, decode);
  line.tokens = std::move(tokens);
  lines.push_back(std::move(line));
}

}  // namespace

LyricTimes time_lyrics(const SungLyrics& song, const std::vector<WarpStep>& path,
                       const Decode& decode) {
  ACE_CHECK(song.frames > 0);
  LyricTimes times{.seconds = song.seconds, .tokens = time_tokens(song, path, decode)};
  std::vector<TokenTime> open;
  for (const TokenTime& token : times.tokens) {
    open.push_back(token);
    if (token.text.find('\n') == std::string::npos) continue;
    add_line(std::move(open), decode, times.lines);
    open.clear();
  }
  if (!open.empty()) add_line(std::move(open), decode, times.lines);
  return times;
}

}  // namespace acestep::alignment
