#include "condition/latent_plan.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "util/error.h"

namespace acestep::condition {
namespace {

// Decimal rounding of the exact binary value: what Python's round(x, 1) does, and what adding and
// truncating does not.
double round_to_tenth(double value) {
  std::array<char, 512> digits{};
  const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), value,
                                     std::chars_format::fixed, 1);
  ACE_CHECK(written.ec == std::errc());
  double rounded = 0.0;
  std::from_chars(digits.data(), written.ptr, rounded);
  return rounded;
}

// Python's a // b for a >= 0: the quotient is taken after the remainder, so it is never one too
// high.
int64_t floor_quotient(double a, double b) {
  return static_cast<int64_t>(std::floor((a - std::fmod(a, b)) / b + 0.5));
}

int64_t frame_at(double seconds) {
  return floor_quotient(seconds * static_cast<double>(kSampleRateHz),
                        static_cast<double>(kFrameSamples));
}

int64_t requested_frames(const LengthRequest& song) {
  if (song.code_count > 0) return song.code_count * kFramesPerCode;
  if (song.source_frames > 0) return song.source_frames;
  const double seconds = song.seconds.value_or(0.0);
  return target_samples(seconds > 0.0 ? seconds : kDefaultSeconds) / kFrameSamples;
}

}  // namespace

int64_t target_samples(double seconds) {
  const double rounded = std::max(0.1, round_to_tenth(seconds));
  return static_cast<int64_t>(rounded * static_cast<double>(kSampleRateHz));
}

LatentPlan plan_latents(const std::vector<LengthRequest>& songs) {
  LatentPlan plan;
  plan.frames = kFewestFrames;
  for (const LengthRequest& song : songs) {
    plan.requested_frames.push_back(requested_frames(song));
    plan.frames = std::max(plan.frames, plan.requested_frames.back());
  }
  return plan;
}

std::optional<FrameSpan> frame_span(double start_seconds, double end_seconds, int64_t frames) {
  if (!(end_seconds > start_seconds)) return std::nullopt;
  const double padding_seconds = std::max(0.0, -start_seconds);
  FrameSpan span;
  span.first = std::clamp<int64_t>(frame_at(start_seconds + padding_seconds), 0, frames - 1);
  span.end = std::min(frame_at(end_seconds + padding_seconds), frames);
  span.end = std::max(span.first + 1, span.end);
  return span;
}

}  // namespace acestep::condition
