#include "alignment/warp.h"

#include <algorithm>
#include <limits>

#include "util/error.h"

namespace acestep::alignment {
namespace {

enum class From : uint8_t { kBoth, kToken, kFrame };  // which of the two was one less before

From cheapest(float both, float token, float frame) {
  if (both < token && both < frame) return From::kBoth;
  if (token < both && token < frame) return From::kToken;
  return From::kFrame;
}

// How every point is reached, [tokens, frames]; costs are kept for two frames only.
std::vector<From> reach_all(const AttentionMap& evidence) {
  constexpr float kNowhere = std::numeric_limits<float>::infinity();
  const auto tokens = static_cast<size_t>(evidence.tokens);
  const auto frames = static_cast<size_t>(evidence.frames);
  std::vector<From> came_from(tokens * frames);
  // Entry 0 lies before the first token.
  std::vector<float> before(tokens + 1, kNowhere);
  std::vector<float> now(tokens + 1, kNowhere);
  before[0] = 0.0F;
  for (size_t frame = 0; frame < frames; ++frame) {
    now[0] = kNowhere;
    for (size_t token = 0; token < tokens; ++token) {
      const From from = cheapest(before[token], now[token], before[token + 1]);
      const float cost = from == From::kBoth    ? before[token]
                         : from == From::kToken ? now[token]
                                                : before[token + 1];
      now[token + 1] = cost - evidence.values[token * frames + frame];
      came_from[token * frames + frame] = from;
    }
    std::swap(before, now);
  }
  return came_from;
}

}  // namespace

std::vector<WarpStep> find_path(const AttentionMap& evidence) {
  ACE_CHECK(evidence.tokens > 0 && evidence.frames > 0);
  const std::vector<From> came_from = reach_all(evidence);
  std::vector<WarpStep> path;
  WarpStep at{evidence.tokens - 1, evidence.frames - 1};
  while (at.token > 0 || at.frame > 0) {
    path.push_back(at);
    const From from = came_from[static_cast<size_t>(at.token * evidence.frames + at.frame)];
    // On the edges there is one way left.
    const bool keeps_token = at.token == 0 || (from == From::kFrame && at.frame > 0);
    const bool keeps_frame = at.frame == 0 || (from == From::kToken && at.token > 0);
    if (!keeps_token) --at.token;
    if (!keeps_frame) --at.frame;
  }
  path.push_back(at);
  std::reverse(path.begin(), path.end());
  return path;
}

}  // namespace acestep::alignment
