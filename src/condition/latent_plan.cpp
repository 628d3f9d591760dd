#include "condition/latent_plan.h"

#include <algorithm>
#include <cmath>

#include "util/decimal.h"

namespace acestep::condition {
namespace {

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
  // What Python's round(x, 1) does, and what adding and truncating does not.
  const double rounded = std::max(0.1, util::rounded(seconds, 1));
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
