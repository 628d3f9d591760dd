#include "alignment/consensus.h"

#include <algorithm>
#include <cmath>

#include "alignment/median_filter.h"

namespace acestep::alignment {
namespace {

constexpr double kTinySpread = 1e-9;  // reference: dit_alignment.py

// The middle one, or the mean of the two middle ones; reorders.
float median_of(std::vector<float>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  const float below = *std::max_element(values.begin(), middle);
  return *middle - (*middle - below) * 0.5F;
}

void softmax(std::span<float> values) {
  const float largest = *std::max_element(values.begin(), values.end());
  float sum = 0.0F;
  for (float& value : values) sum += value = std::exp(value - largest);
  for (float& value : values) value /= sum;
}

// f on every column, which it may change.
template <typename Change>
void for_columns(AttentionMap& map, const Change& change) {
  std::vector<float> column(static_cast<size_t>(map.tokens));
  const auto frames = static_cast<size_t>(map.frames);
  for (size_t frame = 0; frame < frames; ++frame) {
    for (size_t token = 0; token < column.size(); ++token) {
      column[token] = map.values[token * frames + frame];
    }
    change(std::span<float>(column));
    for (size_t token = 0; token < column.size(); ++token) {
      map.values[token * frames + frame] = column[token];
    }
  }
}

void agree(AttentionMap& map) {
  AttentionMap by_moment = map;
  for_columns(by_moment, softmax);
  for (int64_t token = 0; token < map.tokens; ++token) softmax(map.row(token));
  for (size_t i = 0; i < map.values.size(); ++i) map.values[i] *= by_moment.values[i];
}

void suppress(AttentionMap& map, double suppression) {
  std::vector<float> sorted;
  const auto lower = [&](std::span<float> values) {
    sorted.assign(values.begin(), values.end());
    const float floor = static_cast<float>(suppression) * median_of(sorted);
    for (float& value : values) value = std::max(value - floor, 0.0F);
  };
  for (int64_t token = 0; token < map.tokens; ++token) lower(map.row(token));
  for_columns(map, lower);
}

struct Spread {
  double mean = 0.0;
  double deviation = 0.0;  // of the whole population
};
Spread spread_of(const HeadMaps& heads) {
  double count = 0.0;
  double sum = 0.0;
  for (const AttentionMap& head : heads) {
    for (const float value : head.values) sum += static_cast<double>(value);
    count += static_cast<double>(head.values.size());
  }
  const double mean = sum / count;
  double squares = 0.0;
  for (const AttentionMap& head : heads) {
    for (const float value : head.values) squares += (value - mean) * (value - mean);
  }
  return {mean, std::sqrt(squares / count)};
}

void normalise(HeadMaps& heads) {
  const Spread spread = spread_of(heads);
  const auto mean = static_cast<float>(spread.mean);
  const float deviation = static_cast<float>(spread.deviation) + static_cast<float>(kTinySpread);
  for (AttentionMap& head : heads) {
    for (float& value : head.values) value = (value - mean) / deviation;
  }
}

}  // namespace

Consensus find_consensus(HeadMaps heads, const ConsensusOptions& options) {
  require_sound(heads);
  for (AttentionMap& head : heads) {
    agree(head);
    suppress(head, options.suppression);
    for (float& value : head.values) value *= value;
  }
  Consensus consensus{.evidence = {}, .energy = mean_of(heads)};
  normalise(heads);
  for (AttentionMap& head : heads) median_filter(head, options.median_width);
  consensus.evidence = mean_of(heads);
  return consensus;
}

}  // namespace acestep::alignment
