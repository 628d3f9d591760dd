// Turns latents of any length into audio, tile by tile, so that memory depends on the tile alone.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>

#include "codec/tiles.h"
#include "models/oobleck_decoder.h"

namespace acestep::codec {

// Reference: vae_decode_chunks.py on a CPU machine; in latent frames.
inline constexpr Tiling kDefaultDecodeTiling{.chunk = 256, .overlap = 64};

// What has been finished, counted from 1.
struct TileProgress {
  int64_t item = 0;
  int64_t items = 0;
  int64_t tile = 0;
  int64_t tiles = 0;  // of one item
};

// Called after every tile. Throws to stop the work: nothing of it is kept.
using TileObserver = std::function<void(const TileProgress&)>;

// latents: [B, C, T], T >= 1, on any device. Returns [B, audio_channels, samples] float32 on the
// device `waveform`, T·hop samples for the published strides. Items are decoded one after another,
// so an item's audio does not depend on its neighbours. observer may be empty. Throws Error
// kRejected naming the tile that has NaN or infinite samples, Error kUsage for a tiling without
// room for a core.
at::Tensor decode_tiles(const models::OobleckDecoder& decoder, const at::Tensor& latents,
                        const Tiling& tiling = kDefaultDecodeTiling,
                        const TileObserver& observer = {}, at::Device waveform = at::kCPU);

}  // namespace acestep::codec
