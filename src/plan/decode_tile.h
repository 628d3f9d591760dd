// How much of a song the VAE decodes, or encodes, at once.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>

namespace acestep::plan {

// Latent frames, 25 a second. Tiles are of these sizes, or the whole song.
inline constexpr std::array<int64_t, 6> kTileFrames = {64, 128, 256, 512, 1024, 1536};

// On the processor: longer tiles leave its caches and take no less time (docs/BENCHMARKS.md).
inline constexpr int64_t kHostTileFrames = 256;

// Frames of context on each side, thrown away. A decoded sample depends on about 9 latent frames to
// either side: 3 through the first convolution, 1 + 39/10 through the first block, less than 1
// through all others. So 16 frames give the samples of a decode in one piece; the reference's own
// 64 only cost time.
inline constexpr int64_t kOverlapFrames = 16;
// The reference's, which its decoder halves where a tile has no room for it.
inline constexpr int64_t kReferenceOverlapFrames = 64;

// Previews are decoded in tiles of this size at most.
inline constexpr int64_t kPreviewTileFrames = 256;
// Latent frames that the first `seconds` are decoded from, context included.
int64_t preview_frames(double seconds);

// The largest tile size below `frames`; the smallest of all where there is none.
int64_t next_smaller_tile(int64_t frames);

// The whole song where it fits, else the largest tile that does. Absent: not even the smallest.
// bytes: what a tile of so many frames takes.
std::optional<int64_t> largest_tile(int64_t song_frames, uint64_t free_bytes,
                                    const std::function<uint64_t(int64_t)>& bytes);

// The reference's tiles, by free GiB of a card; 256 on the CPU.
int64_t reference_tile(std::optional<double> free_gib);

// Its windows of sound to encode, in latent frames of 25 a second: 15 s on the CPU and on cards of
// up to 8 GiB, else 30 s; 2 s of context on each side.
int64_t reference_window(std::optional<double> total_gib);
inline constexpr int64_t kReferenceWindowOverlap = 50;

// Whether the whole decode moves to the processor: asked for, or next to nothing of the card's
// memory is free.
bool decodes_on_cpu(bool is_asked, double free_gib);

}  // namespace acestep::plan
