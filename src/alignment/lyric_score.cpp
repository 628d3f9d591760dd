#include "alignment/lyric_score.h"

#include <algorithm>
#include <optional>

#include "alignment/median_filter.h"
#include "util/decimal.h"

namespace acestep::alignment {
namespace {

// reference: dit_score.py
constexpr float kFlat = 1e-9F;            // no more difference than this is none at all
constexpr double kHeardEnergy = 0.1;      // a token counts as heard
constexpr double kCentroidEnergy = 0.01;  // a frame counts for a token's place
constexpr double kNoWeight = 1e-9;
constexpr double kFramesOfSlack = 9.0;  // a token may come this much before the last one
constexpr int kScorePlaces = 4;

void stretch(AttentionMap& map) {
  const auto [least, most] = std::minmax_element(map.values.begin(), map.values.end());
  const float low = *least;
  const float span = *most - low;
  for (float& value : map.values) value = span > kFlat ? (value - low) / span : 0.0F;
}

double coverage(const AttentionMap& energy, const std::vector<bool>& is_sung) {
  int64_t sung = 0;
  int64_t heard = 0;
  for (int64_t token = 0; token < energy.tokens; ++token) {
    if (!is_sung[static_cast<size_t>(token)]) continue;
    ++sung;
    const auto row = energy.row(token);
    if (static_cast<double>(*std::max_element(row.begin(), row.end())) > kHeardEnergy) ++heard;
  }
  return sung == 0 ? 1.0 : static_cast<double>(heard) / static_cast<double>(sung);
}

// The frame around which the token is sung.
std::optional<double> centroid(std::span<const float> row) {
  double weight = 0.0;
  double moment = 0.0;
  for (size_t frame = 0; frame < row.size(); ++frame) {
    const auto energy = static_cast<double>(row[frame]);
    if (energy <= kCentroidEnergy) continue;
    weight += energy;
    moment += energy * static_cast<double>(frame);
  }
  return weight > kNoWeight ? std::optional(moment / weight) : std::nullopt;
}

double monotonicity(const AttentionMap& energy, const std::vector<bool>& is_sung) {
  std::optional<double> before;
  int64_t pairs = 0;
  int64_t in_order = 0;
  for (int64_t token = 0; token < energy.tokens; ++token) {
    if (!is_sung[static_cast<size_t>(token)]) continue;
    const std::optional<double> now = centroid(energy.row(token));
    if (!now) continue;
    if (before) {
      ++pairs;
      if (*now >= *before - kFramesOfSlack) ++in_order;
    }
    before = now;
  }
  return pairs == 0 ? 1.0 : static_cast<double>(in_order) / static_cast<double>(pairs);
}

double confidence(const ScoredPath& scored) {
  double sum = 0.0;
  for (const WarpStep& step : scored.path) {
    sum += static_cast<double>(scored.energy.at(step.token, step.frame));
  }
  return scored.path.empty() ? 0.0 : sum / static_cast<double>(scored.path.size());
}

}  // namespace

std::vector<bool> sung_tokens(const TokenIds& ids, const Decode& decode) {
  std::vector<bool> is_sung;
  bool is_in_brackets = false;
  for (const int64_t id : ids) {
    const std::string text = decode({id});
    const bool closes = text.find(']') != std::string::npos;
    is_in_brackets = is_in_brackets || text.find('[') != std::string::npos;
    is_sung.push_back(!is_in_brackets && !closes);
    if (closes) is_in_brackets = false;
  }
  return is_sung;
}

ScoredPath score_path(const HeadMaps& heads, int64_t median_width) {
  require_sound(heads);
  ScoredPath scored{.energy = mean_of(heads), .path = {}};
  median_filter(scored.energy, median_width);
  stretch(scored.energy);
  AttentionMap contrast = scored.energy;
  for (float& value : contrast.values) value *= value;
  scored.path = find_path(contrast);
  return scored;
}

LyricScore score_lyrics(const ScoredPath& scored, std::vector<bool> is_sung) {
  const auto rows = static_cast<size_t>(scored.energy.tokens);
  if (is_sung.size() != rows) is_sung.assign(rows, true);
  LyricScore score{.coverage = coverage(scored.energy, is_sung),
                   .monotonicity = monotonicity(scored.energy, is_sung),
                   .confidence = confidence(scored)};
  const double total =
      score.coverage * score.coverage * score.monotonicity * score.monotonicity * score.confidence;
  score.total = util::rounded(std::clamp(total, 0.0, 1.0), kScorePlaces);
  return score;
}

}  // namespace acestep::alignment
