// How a long sequence is cut into overlapping windows, each worked on alone and trimmed to its
// core.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace acestep::codec {

// One window of the input and the part of its result that is kept. All ranges are half open.
struct Tile {
  int64_t input_start = 0;  // of the window, core and overlap together
  int64_t input_end = 0;
  int64_t keep_start = 0;  // within the window's own result
  int64_t keep_end = 0;
  int64_t output_start = 0;  // where the kept part goes

  int64_t input_length() const { return input_end - input_start; }
  int64_t keep_length() const { return keep_end - keep_start; }
};

struct TilePlan {
  std::vector<Tile> tiles;  // in order, their kept parts adjoining
  int64_t output_length = 0;
};

// Window sizes, in units of the input: latent frames for decoding, samples for encoding.
struct Tiling {
  int64_t chunk = 0;    // a longest window
  int64_t overlap = 0;  // context on each side of a core, thrown away afterwards
};

// The model's output length for an input length.
using LengthOf = std::function<int64_t(int64_t)>;

// Python's round(): halves go to the even neighbour.
int64_t round_half_even(double value);

// Halves the overlap until a core remains between two overlaps, but not below 4
// (reference: vae_decode_chunks.py). An overlap given below 4 is left alone.
int64_t fitting_overlap(const Tiling& tiling);

// frames -> samples. One tile when frames <= chunk. Throws Error kUsage when the chunk leaves no
// core between two fitting overlaps.
TilePlan plan_decode(int64_t frames, const Tiling& tiling, const LengthOf& samples_of_frames);
// samples -> frames. One tile when samples <= chunk. The overlap is taken as given: throws Error
// kUsage when it leaves no core.
TilePlan plan_encode(int64_t samples, const Tiling& tiling, const LengthOf& frames_of_samples);

}  // namespace acestep::codec
