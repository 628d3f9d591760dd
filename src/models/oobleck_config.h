// The dimensions of the audio autoencoder, as its config.json states them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace acestep::models {

// Fields are named as the keys of config.json; comments give the published model's values.
struct OobleckConfig {
  int64_t audio_channels = 0;                // 2
  int64_t encoder_hidden_size = 0;           // 128: first width, and mean + scale together
  int64_t decoder_channels = 0;              // 128: last width
  int64_t decoder_input_channels = 0;        // 64: latent channels
  std::vector<int64_t> downsampling_ratios;  // 2 4 4 6 10, encoder order
  std::vector<int64_t> channel_multiples;    // 1 2 4 8 16
  int64_t sampling_rate_hz = 0;              // 48000 Hz

  int64_t latent_channels() const { return decoder_input_channels; }
  // Audio samples per latent frame: the product of the ratios (1920).
  int64_t hop_samples() const;
};

// Reads a config.json. Throws Error kModel naming the file, the key, what was found and what is
// allowed.
OobleckConfig read_oobleck_config(const std::filesystem::path& file);

}  // namespace acestep::models
