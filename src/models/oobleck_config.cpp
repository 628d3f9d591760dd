#include "models/oobleck_config.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <string>

#include "util/config_reader.h"

namespace acestep::models {
namespace {

// Far above anything sensible, low enough that no product of sizes overflows.
constexpr int64_t kMaxChannels = 1 << 16;
constexpr int64_t kMaxWidth = 1 << 20;
constexpr int64_t kMaxRatio = 1 << 10;
constexpr int64_t kMaxHopSamples = 1 << 20;
constexpr int64_t kMaxLevels = 16;
constexpr int64_t kMaxSampleRateHz = 1'000'000;

void check_consistency(const util::ConfigReader& reader, const OobleckConfig& config) {
  if (config.downsampling_ratios.size() != config.channel_multiples.size()) {
    reader.refuse("channel_multiples", "expected as many entries as downsampling_ratios (" +
                                           std::to_string(config.downsampling_ratios.size()) + ")");
  }
  if (config.encoder_hidden_size != 2 * config.decoder_input_channels) {
    reader.refuse("encoder_hidden_size", "expected twice decoder_input_channels, " +
                                             std::to_string(2 * config.decoder_input_channels));
  }
  for (const int64_t multiple : config.channel_multiples) {
    const int64_t width = multiple * std::max(config.encoder_hidden_size, config.decoder_channels);
    if (width > kMaxWidth) {
      reader.refuse("channel_multiples",
                    "expected a width of at most " + std::to_string(kMaxWidth) + " channels");
    }
  }
  int64_t hop_samples = 1;
  for (const int64_t ratio : config.downsampling_ratios) {
    hop_samples *= ratio;
    if (hop_samples > kMaxHopSamples) {
      reader.refuse("downsampling_ratios",
                    "expected a product of at most " + std::to_string(kMaxHopSamples));
    }
  }
}

}  // namespace

int64_t OobleckConfig::hop_samples() const {
  return std::accumulate(downsampling_ratios.begin(), downsampling_ratios.end(), int64_t{1},
                         std::multiplies<>());
}

OobleckConfig read_oobleck_config(const std::filesystem::path& file) {
  const util::ConfigReader reader(file);
  OobleckConfig config;
  config.audio_channels = reader.integer("audio_channels", 1, kMaxChannels);
  config.encoder_hidden_size = reader.integer("encoder_hidden_size", 2, kMaxChannels);
  config.decoder_channels = reader.integer("decoder_channels", 1, kMaxChannels);
  config.decoder_input_channels = reader.integer("decoder_input_channels", 1, kMaxChannels);
  config.downsampling_ratios = reader.integers("downsampling_ratios", 1, kMaxRatio, kMaxLevels);
  config.channel_multiples = reader.integers("channel_multiples", 1, kMaxChannels, kMaxLevels);
  config.sampling_rate_hz = reader.integer("sampling_rate", 1, kMaxSampleRateHz);
  check_consistency(reader, config);
  return config;
}

}  // namespace acestep::models
