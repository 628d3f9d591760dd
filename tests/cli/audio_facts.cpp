// Says what an audio file holds, and how far two of them are apart, for the scripts of this folder.
// Usage: audio_facts FILE            -> "48000 2 480000 0.891" (Hz, channels, frames, peak)
//        audio_facts FILE REFERENCE  -> signal-to-noise ratio in dB, "inf" when equal
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>

#include "audio/mastering.h"
#include "audio/reader.h"

namespace {

double snr_db(const acestep::audio::Waveform& song, const acestep::audio::Waveform& reference) {
  double signal = 0.0;
  double noise = 0.0;
  for (std::size_t i = 0; i < reference.samples.size(); ++i) {
    const double expected = reference.samples[i];
    const double difference = song.samples[i] - expected;
    signal += expected * expected;
    noise += difference * difference;
  }
  return 10.0 * std::log10(signal / noise);
}

int compare(const acestep::audio::Waveform& song, const acestep::audio::Waveform& reference) {
  if (song.channels != reference.channels || song.samples.size() != reference.samples.size()) {
    std::fprintf(stderr, "%lld frames of %lld channels, expected %lld of %lld\n",
                 static_cast<long long>(song.frames()), static_cast<long long>(song.channels),
                 static_cast<long long>(reference.frames()),
                 static_cast<long long>(reference.channels));
    return 1;
  }
  std::printf("%.1f\n", snr_db(song, reference));
  return 0;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 2 || argc > 3) return 2;
  const acestep::audio::Waveform song = acestep::audio::read_audio(argv[1]);
  if (argc == 3) return compare(song, acestep::audio::read_audio(argv[2]));
  std::printf("%lld %lld %lld %.3f\n", static_cast<long long>(song.sample_rate_hz),
              static_cast<long long>(song.channels), static_cast<long long>(song.frames()),
              static_cast<double>(acestep::audio::peak(song)));
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "audio_facts: %s\n", error.what());
  return 1;
}
