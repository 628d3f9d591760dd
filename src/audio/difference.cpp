#include "audio/difference.h"

#include <cmath>
#include <limits>

namespace acestep::audio {

std::optional<double> signal_to_noise_db(const Waveform& song, const Waveform& reference) {
  const bool are_alike = song.sample_rate_hz == reference.sample_rate_hz &&
                         song.channels == reference.channels &&
                         song.samples.size() == reference.samples.size();
  if (!are_alike) return std::nullopt;
  double signal = 0.0;
  double noise = 0.0;
  for (std::size_t i = 0; i < reference.samples.size(); ++i) {
    const double expected = reference.samples[i];
    const double difference = song.samples[i] - expected;
    signal += expected * expected;
    noise += difference * difference;
  }
  if (noise == 0.0) return std::numeric_limits<double>::infinity();
  return 10.0 * std::log10(signal / noise);
}

}  // namespace acestep::audio
