// Says what an audio file holds, and how far two of them are apart, for the scripts of this folder.
// Usage: audio_facts FILE            -> "48000 2 480000 0.891" (Hz, channels, frames, peak)
//        audio_facts FILE REFERENCE  -> signal-to-noise ratio in dB, "inf" when equal
#include <cstdio>
#include <exception>

#include "audio/difference.h"
#include "audio/mastering.h"
#include "audio/reader.h"

namespace {

int compare(const acestep::audio::Waveform& song, const acestep::audio::Waveform& reference) {
  const auto snr_db = acestep::audio::signal_to_noise_db(song, reference);
  if (!snr_db) {
    std::fprintf(stderr, "%lld frames of %lld channels, expected %lld of %lld\n",
                 static_cast<long long>(song.frames()), static_cast<long long>(song.channels),
                 static_cast<long long>(reference.frames()),
                 static_cast<long long>(reference.channels));
    return 1;
  }
  std::printf("%.1f\n", *snr_db);
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
