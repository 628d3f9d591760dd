// How much of a song the VAE decodes at once.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

namespace acestep::plan {

// Latent frames, 25 a second. Tiles are of these sizes, or the whole song.
inline constexpr std::array<int64_t, 6> kTileFrames = {64, 128, 256, 512, 1024, 1536};

// Frames of context on each side, thrown away: 64, less in small tiles.
int64_t overlap_frames(int64_t tile_frames);

// The whole song where it fits, else the largest tile that does. Absent: not even the smallest.
std::optional<int64_t> largest_tile(int64_t song_frames, uint64_t free_bytes,
                                    uint64_t bytes_per_frame);

// The reference's tiles, by free GiB of a card; 256 on the CPU.
int64_t reference_tile(std::optional<double> free_gib);

// Whether the whole decode moves to the processor: asked for, or next to nothing of the card's
// memory is free.
bool decodes_on_cpu(bool is_asked, double free_gib);

}  // namespace acestep::plan
