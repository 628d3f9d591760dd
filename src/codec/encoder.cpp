#include "codec/encoder.h"

#include <ATen/ATen.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "util/error.h"

namespace acestep::codec {
namespace {

void require_finite(const at::Tensor& latents, const TileProgress& progress, const Tile& tile) {
  if (at::isfinite(latents).all().item<bool>()) return;
  throw Error(ErrorCode::kRejected,
              "VAE encode: window " + std::to_string(progress.tile) + " of " +
                  std::to_string(progress.tiles) + " (samples " + std::to_string(tile.input_start) +
                  " to " + std::to_string(tile.input_end) + ") has NaN or infinite latents",
              "try --dtype fp32; if it stays, the input audio or the VAE's weights are damaged");
}

void require_one_frame(const models::OobleckEncoder& encoder, int64_t samples) {
  if (samples >= 1 && encoder.output_frames(samples) >= 1) return;
  throw Error(ErrorCode::kInput,
              "the input audio has " + std::to_string(samples) + " samples, too few to encode",
              "give at least a tenth of a second of audio");
}

}  // namespace

at::Tensor sample(const models::LatentDistribution& latents, at::Generator& generator) {
  const at::Tensor noise =
      at::randn(latents.mean.sizes(), generator,
                at::TensorOptions().dtype(at::kFloat).device(generator.device()));
  return latents.mean + latents.std * noise.to(latents.mean.device());
}

namespace {

// What is made of one window's distribution: tensors of the same shape.
using TakeLatents = std::function<std::vector<at::Tensor>(models::LatentDistribution)>;

// The tensors that `take` makes of every window, their kept parts joined.
std::vector<at::Tensor> join_windows(const models::OobleckEncoder& encoder, const at::Tensor& audio,
                                     const Tiling& tiling, const TileObserver& observer,
                                     const TakeLatents& take) {
  ACE_CHECK(audio.dim() == 3);
  require_one_frame(encoder, audio.size(2));
  const TilePlan plan = plan_encode(
      audio.size(2), tiling, [&](int64_t samples) { return encoder.output_frames(samples); });
  TileProgress progress{.item = 1, .items = 1, .tiles = static_cast<int64_t>(plan.tiles.size())};
  std::vector<at::Tensor> joined;
  for (const Tile& tile : plan.tiles) {
    ++progress.tile;
    const at::Tensor window = audio.narrow(2, tile.input_start, tile.input_length());
    const std::vector<at::Tensor> taken = take(encoder.forward(window));
    joined.resize(taken.size());
    for (std::size_t i = 0; i < taken.size(); ++i) {
      const at::Tensor core = taken[i].narrow(2, tile.keep_start, tile.keep_length());
      require_finite(core, progress, tile);
      if (!joined[i].defined()) {
        joined[i] = at::empty({core.size(0), core.size(1), plan.output_length},
                              at::TensorOptions().dtype(at::kFloat).device(at::kCPU));
      }
      joined[i].narrow(2, tile.output_start, tile.keep_length()).copy_(core);
    }
    if (observer) observer(progress);
  }
  return joined;
}

}  // namespace

at::Tensor encode_tiles(const models::OobleckEncoder& encoder, const at::Tensor& audio,
                        at::Generator& generator, const Tiling& tiling,
                        const TileObserver& observer) {
  const auto take = [&](const models::LatentDistribution& window) {
    return std::vector<at::Tensor>{sample(window, generator)};
  };
  return join_windows(encoder, audio, tiling, observer, take).front();
}

models::LatentDistribution encode_distribution(const models::OobleckEncoder& encoder,
                                               const at::Tensor& audio, const Tiling& tiling,
                                               const TileObserver& observer) {
  const auto take = [](models::LatentDistribution window) {
    return std::vector<at::Tensor>{std::move(window.mean), std::move(window.std)};
  };
  std::vector<at::Tensor> joined = join_windows(encoder, audio, tiling, observer, take);
  return {std::move(joined[0]), std::move(joined[1])};
}

}  // namespace acestep::codec
