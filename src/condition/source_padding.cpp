#include "condition/source_padding.h"

#include <algorithm>

#include "condition/latent_plan.h"

namespace acestep::condition {

PaddedSource pad_source(const SourceExtent& extent) {
  constexpr auto kRate = static_cast<double>(kSampleRateHz);
  PaddedSource padded;
  padded.total_samples = extent.source_samples;
  if (!extent.takes_span) return padded;

  const double source_seconds = static_cast<double>(extent.source_samples) / kRate;
  const double asked_end = extent.end_seconds.value_or(-1.0);
  const double end = asked_end < 0.0 ? source_seconds : asked_end;
  const double left_seconds = std::max(0.0, -extent.start_seconds);
  const double right_seconds = std::max(0.0, end - source_seconds);
  padded.left_samples = static_cast<int64_t>(left_seconds * kRate);
  padded.right_samples = static_cast<int64_t>(right_seconds * kRate);
  padded.total_samples += padded.left_samples + padded.right_samples;
  padded.start_seconds = extent.start_seconds + left_seconds;
  padded.end_seconds = end + left_seconds;
  return padded;
}

}  // namespace acestep::condition
