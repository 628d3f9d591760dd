#include "plan/decode_tile.h"

#include <cmath>

namespace acestep::plan {

int64_t preview_frames(double seconds) {
  constexpr double kFramesPerSecond = 25.0;
  return static_cast<int64_t>(std::ceil(seconds * kFramesPerSecond)) + kOverlapFrames;
}

int64_t next_smaller_tile(int64_t frames) {
  int64_t smaller = kTileFrames.front();
  for (const int64_t tile : kTileFrames) {
    if (tile < frames) smaller = tile;
  }
  return smaller;
}

std::optional<int64_t> largest_tile(int64_t song_frames, uint64_t free_bytes,
                                    const std::function<uint64_t(int64_t)>& bytes) {
  const auto fits = [&](int64_t frames) { return bytes(frames) <= free_bytes; };
  if (fits(song_frames)) return song_frames;
  std::optional<int64_t> largest;
  for (const int64_t frames : kTileFrames) {
    if (frames < song_frames && fits(frames)) largest = frames;
  }
  return largest;
}

int64_t reference_tile(std::optional<double> free_gib) {
  if (!free_gib) return 256;
  if (*free_gib >= 24) return 512;
  if (*free_gib >= 16) return 384;
  return *free_gib >= 12 ? 256 : 128;
}

int64_t reference_window(std::optional<double> total_gib) {
  constexpr double kSmallCardGib = 8.0;
  constexpr int64_t kFramesPerSecond = 25;
  const bool is_small = !total_gib || *total_gib <= kSmallCardGib;
  return (is_small ? 15 : 30) * kFramesPerSecond;
}

bool decodes_on_cpu(bool is_asked, double free_gib) {
  constexpr double kLeastGib = 0.5;  // reference: its VAE decoding
  return is_asked || free_gib < kLeastGib;
}

}  // namespace acestep::plan
