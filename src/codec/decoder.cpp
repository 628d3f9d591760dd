#include "codec/decoder.h"

#include <ATen/ATen.h>

#include <string>

#include "util/error.h"

namespace acestep::codec {
namespace {

std::string describe(const TileProgress& progress, const Tile& tile) {
  std::string text = "VAE decode: tile " + std::to_string(progress.tile) + " of " +
                     std::to_string(progress.tiles) + " (latent frames " +
                     std::to_string(tile.input_start) + " to " + std::to_string(tile.input_end) +
                     ")";
  if (progress.items > 1) {
    text += " of song " + std::to_string(progress.item) + " of " + std::to_string(progress.items);
  }
  return text;
}

void require_finite(const at::Tensor& audio, const TileProgress& progress, const Tile& tile) {
  if (at::isfinite(audio).all().item<bool>()) return;
  throw Error(ErrorCode::kRejected, describe(progress, tile) + " has NaN or infinite samples",
              "try --dtype fp32; if it stays, the VAE's weights are damaged");
}

}  // namespace

at::Tensor decode_tiles(const models::OobleckDecoder& decoder, const at::Tensor& latents,
                        const Tiling& tiling, const TileObserver& observer, at::Device waveform) {
  ACE_CHECK(latents.dim() == 3 && latents.size(2) >= 1);
  const TilePlan plan = plan_decode(latents.size(2), tiling,
                                    [&](int64_t frames) { return decoder.output_samples(frames); });
  TileProgress progress{.items = latents.size(0), .tiles = static_cast<int64_t>(plan.tiles.size())};
  at::Tensor audio;
  for (progress.item = 1; progress.item <= progress.items; ++progress.item) {
    const at::Tensor item = latents.narrow(0, progress.item - 1, 1);
    progress.tile = 0;
    for (const Tile& tile : plan.tiles) {
      ++progress.tile;
      const at::Tensor result =
          decoder.forward(item.narrow(2, tile.input_start, tile.input_length()));
      const at::Tensor core = result.narrow(2, tile.keep_start, tile.keep_length());
      require_finite(core, progress, tile);
      if (!audio.defined()) {
        audio = at::empty({progress.items, core.size(1), plan.output_length},
                          at::TensorOptions().dtype(at::kFloat).device(waveform));
      }
      audio.narrow(0, progress.item - 1, 1)
          .narrow(2, tile.output_start, tile.keep_length())
          .copy_(core);
      if (observer) observer(progress);
    }
  }
  return audio;
}

}  // namespace acestep::codec
