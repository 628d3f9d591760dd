// How long a song is: from seconds or audio codes to latent frames.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace acestep::condition {

inline constexpr int64_t kSampleRateHz = 48000;
inline constexpr int64_t kFrameSamples = 1920;                              // the VAE's hop
inline constexpr int64_t kFramesPerSecond = kSampleRateHz / kFrameSamples;  // 25
inline constexpr int64_t kFramesPerCode = 5;      // 5 audio codes per second
inline constexpr int64_t kFewestFrames = 128;     // reference: conditioning_target.py
inline constexpr double kDefaultSeconds = 120.0;  // reference: padding_utils.py, without a duration

// Samples of a song of `seconds`: rounded to a tenth of a second (ties by the exact binary value,
// as Python's round), at least 0.1 s.
int64_t target_samples(double seconds);

// What one song asks for.
struct LengthRequest {
  std::optional<double> seconds = std::nullopt;  // absent or <= 0: kDefaultSeconds
  int64_t code_count = 0;     // > 0: decides the length instead of source and seconds
  int64_t source_frames = 0;  // > 0: of source audio, decides the length instead of the seconds
};

struct LatentPlan {
  std::vector<int64_t> requested_frames;  // per song
  int64_t frames = 0;                     // of the batch: the longest song, at least kFewestFrames
};

LatentPlan plan_latents(const std::vector<LengthRequest>& songs);

// Frames [first, end) of a part of a song.
struct FrameSpan {
  int64_t first = 0;
  int64_t end = 0;
};

// The frames of start … end seconds in a song of `frames`; at least one frame. A negative start
// moves both to where the source lies after padding on the left. Absent when end is not after
// start: then the whole song counts.
std::optional<FrameSpan> frame_span(double start_seconds, double end_seconds, int64_t frames);

}  // namespace acestep::condition
