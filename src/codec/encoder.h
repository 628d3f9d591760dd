// Turns audio of any length into sampled latents, window by window.
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <cstdint>

#include "codec/decoder.h"
#include "codec/tiles.h"
#include "models/oobleck_encoder.h"

namespace acestep::codec {

// Reference: vae_encode.py: windows of 30 s (15 s without a GPU or with up to 8 GB), 2 s of
// overlap; in samples.
inline constexpr int64_t kEncodeSampleRate = 48000;
inline constexpr Tiling kDefaultEncodeTiling{.chunk = 30 * kEncodeSampleRate,
                                             .overlap = 2 * kEncodeSampleRate};
inline constexpr Tiling kSmallEncodeTiling{.chunk = 15 * kEncodeSampleRate,
                                           .overlap = 2 * kEncodeSampleRate};

// mean + std · noise, the noise drawn as one float32 tensor of the mean's shape from `generator`
// (whose device may differ from the latents').
at::Tensor sample(const models::LatentDistribution& latents, at::Generator& generator);

// audio: [B, audio_channels, N] on any device. Returns [B, C, T] float32 on the CPU, T = N / hop
// rounded. Every window is sampled on its own, as the reference does, so overlapping windows draw
// different noise. The whole batch goes through a window at once; observer may be empty and sees
// one item. Throws Error kRejected naming a window with NaN or infinite latents, Error kInput for
// audio shorter than one latent frame, Error kUsage for a tiling without room for a core.
at::Tensor encode_tiles(const models::OobleckEncoder& encoder, const at::Tensor& audio,
                        at::Generator& generator, const Tiling& tiling = kDefaultEncodeTiling,
                        const TileObserver& observer = {});

// The same before anything is drawn: the distribution of every frame, on the CPU. With 8 frames of
// overlap, about what a frame depends on, it does not depend on the windows but for rounding.
models::LatentDistribution encode_distribution(const models::OobleckEncoder& encoder,
                                               const at::Tensor& audio, const Tiling& tiling,
                                               const TileObserver& observer = {});

}  // namespace acestep::codec
