#include "alignment/attention_map.h"

#include <cmath>

#include "util/error.h"

namespace acestep::alignment {
namespace {

template <typename Span, typename Values>
Span row_of(Values& values, int64_t token, int64_t frames) {
  return Span(values).subspan(static_cast<size_t>(token * frames), static_cast<size_t>(frames));
}

}  // namespace

AttentionMap::AttentionMap(int64_t token_count, int64_t frame_count)
    : tokens(token_count),
      frames(frame_count),
      values(static_cast<size_t>(token_count) * static_cast<size_t>(frame_count)) {}

std::span<const float> AttentionMap::row(int64_t token) const {
  return row_of<std::span<const float>>(values, token, frames);
}

std::span<float> AttentionMap::row(int64_t token) {
  return row_of<std::span<float>>(values, token, frames);
}

AttentionMap mean_of(const HeadMaps& heads) {
  AttentionMap mean(heads.front().tokens, heads.front().frames);
  for (const AttentionMap& head : heads) {
    for (size_t i = 0; i < mean.values.size(); ++i) mean.values[i] += head.values[i];
  }
  for (float& value : mean.values) value /= static_cast<float>(heads.size());
  return mean;
}

void require_sound(const HeadMaps& heads) {
  ACE_CHECK(!heads.empty());
  for (const AttentionMap& head : heads) {
    ACE_CHECK(head.tokens > 0 && head.frames > 0);
    ACE_CHECK(head.tokens == heads.front().tokens && head.frames == heads.front().frames);
    ACE_CHECK(head.values.size() == static_cast<size_t>(head.tokens * head.frames));
    for (const float value : head.values) {
      if (std::isfinite(value)) continue;
      throw Error(ErrorCode::kRejected, "align: the model's attention to the lyrics is not finite",
                  "try --dtype fp32");
    }
  }
}

}  // namespace acestep::alignment
