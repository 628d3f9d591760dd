// The runners of the golden kinds around the audio autoencoder; each reads all it needs from its
// case.
#pragma once

#include "golden/case.h"

namespace acestep::golden {

void run_snake(const Case& the_case, Check& check);
void run_vae_decode(const Case& the_case, Check& check);
void run_vae_encode(const Case& the_case, Check& check);
void run_vae_tiled_decode(const Case& the_case, Check& check);
void run_vae_tiled_encode(const Case& the_case, Check& check);
void run_post_decode(const Case& the_case, Check& check);

// Waveform kinds, and the latent arithmetic of repainting.
void run_post(const Case& the_case, Check& check);
void run_io_resample(const Case& the_case, Check& check);

}  // namespace acestep::golden
