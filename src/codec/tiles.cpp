#include "codec/tiles.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "util/error.h"

namespace acestep::codec {
namespace {

constexpr int64_t kSmallestOverlap = 4;  // reference: vae_decode_chunks.py

// Output length that a stretch of context takes in a window's result.
using TrimOf = std::function<int64_t(int64_t)>;

int64_t core_stride(const Tiling& tiling) {
  const int64_t stride = tiling.chunk - 2 * tiling.overlap;
  if (tiling.overlap < 0 || stride <= 0) {
    throw Error(ErrorCode::kUsage,
                "tile length " + std::to_string(tiling.chunk) +
                    " must be more than twice the overlap of " + std::to_string(tiling.overlap),
                "choose a longer tile");
  }
  return stride;
}

TilePlan whole_in_one(int64_t length, const LengthOf& length_of) {
  const int64_t output = length_of(length);
  return {{Tile{0, length, 0, output, 0}}, output};
}

// Cores of `stride` from the start on, each with up to `overlap` of context on both sides.
TilePlan cut(int64_t length, int64_t stride, int64_t overlap, const LengthOf& length_of,
             const TrimOf& trim_of) {
  TilePlan plan;
  for (int64_t core_start = 0; core_start < length; core_start += stride) {
    const int64_t core_end = std::min(core_start + stride, length);
    Tile tile;
    tile.input_start = std::max<int64_t>(0, core_start - overlap);
    tile.input_end = std::min(length, core_end + overlap);
    const int64_t result = length_of(tile.input_length());
    tile.keep_start = std::min(result, trim_of(core_start - tile.input_start));
    tile.keep_end = std::max(tile.keep_start, result - trim_of(tile.input_end - core_end));
    tile.output_start = plan.output_length;
    plan.output_length += tile.keep_length();
    plan.tiles.push_back(tile);
  }
  return plan;
}

}  // namespace

int64_t round_half_even(double value) {
  const double below = std::floor(value);
  const double rest = value - below;
  const auto whole = static_cast<int64_t>(below);
  if (rest < 0.5) return whole;
  if (rest > 0.5) return whole + 1;
  return whole % 2 == 0 ? whole : whole + 1;
}

int64_t fitting_overlap(const Tiling& tiling) {
  int64_t overlap = tiling.overlap;
  while (tiling.chunk - 2 * overlap <= 0 && overlap > kSmallestOverlap) overlap /= 2;
  return tiling.overlap >= kSmallestOverlap ? std::max(overlap, kSmallestOverlap) : overlap;
}

TilePlan plan_decode(int64_t frames, const Tiling& tiling, const LengthOf& samples_of_frames) {
  if (frames <= tiling.chunk) return whole_in_one(frames, samples_of_frames);
  const int64_t overlap = fitting_overlap(tiling);
  const int64_t stride = core_stride({tiling.chunk, overlap});
  const int64_t first = std::min(frames, std::min(stride, frames) + overlap);
  const double samples_per_frame =
      static_cast<double>(samples_of_frames(first)) / static_cast<double>(first);
  return cut(frames, stride, overlap, samples_of_frames, [&](int64_t context) {
    return round_half_even(static_cast<double>(context) * samples_per_frame);
  });
}

TilePlan plan_encode(int64_t samples, const Tiling& tiling, const LengthOf& frames_of_samples) {
  if (samples <= tiling.chunk) return whole_in_one(samples, frames_of_samples);
  const int64_t stride = core_stride(tiling);
  const int64_t first = std::min(samples, std::min(stride, samples) + tiling.overlap);
  const double samples_per_frame =
      static_cast<double>(first) / static_cast<double>(frames_of_samples(first));
  return cut(samples, stride, tiling.overlap, frames_of_samples, [&](int64_t context) {
    return round_half_even(static_cast<double>(context) / samples_per_frame);
  });
}

}  // namespace acestep::codec
