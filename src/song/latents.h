// A batch of songs in the VAE's latent space.
#pragma once

#include <ATen/core/Tensor.h>

namespace acestep::song {

struct Latents {
  at::Tensor values;  // [B, T, 64] float32, 25 frames per second
};

}  // namespace acestep::song
