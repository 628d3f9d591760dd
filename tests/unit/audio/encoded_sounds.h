// Small sound files of every kind that is read, made by libsndfile in memory.
#pragma once

#include <sndfile.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "audio/memory_file.h"
#include "unit/audio/sounds.h"

namespace acestep::audio {

struct EncodedSound {
  std::string kind;
  std::vector<std::byte> bytes;
};

// What a failed test prints.
inline void PrintTo(const EncodedSound& sound, std::ostream* out) { *out << sound.kind; }

inline std::vector<std::byte> encode_as(int format, const Waveform& sound) {
  OutputBytes out;
  SF_INFO info{};
  info.samplerate = static_cast<int>(sound.sample_rate_hz);
  info.channels = static_cast<int>(sound.channels);
  info.format = format;
  SF_VIRTUAL_IO callbacks = output_callbacks();
  std::unique_ptr<SNDFILE, SndfileCloser> file(sf_open_virtual(&callbacks, SFM_WRITE, &info, &out));
  if (!file) throw std::runtime_error(sf_strerror(nullptr));
  std::vector<float> frames(sound.samples.size());
  const auto channels = static_cast<size_t>(sound.channels);
  const auto count = static_cast<size_t>(sound.frames());
  for (size_t i = 0; i < frames.size(); ++i) {
    frames[i] = sound.samples[i % channels * count + i / channels];
  }
  sf_writef_float(file.get(), frames.data(), sound.frames());
  file.reset();
  return std::move(out.bytes);
}

// A stereo sine of this length at 48 kHz.
inline std::vector<EncodedSound> encoded_sounds(int64_t frames) {
  const Waveform sound = sine(frames);
  const std::vector<std::pair<const char*, int>> kinds = {
      {"Wav16", SF_FORMAT_WAV | SF_FORMAT_PCM_16},
      {"WavFloat", SF_FORMAT_WAV | SF_FORMAT_FLOAT},
      {"WavAdpcm", SF_FORMAT_WAV | SF_FORMAT_MS_ADPCM},
      {"WavExtensible", SF_FORMAT_WAVEX | SF_FORMAT_PCM_24},
      {"Rf64", SF_FORMAT_RF64 | SF_FORMAT_PCM_24},
      {"Flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16},
      {"OggVorbis", SF_FORMAT_OGG | SF_FORMAT_VORBIS},
      {"OggOpus", SF_FORMAT_OGG | SF_FORMAT_OPUS},
      {"Aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_16},
      {"AiffFloat", SF_FORMAT_AIFF | SF_FORMAT_FLOAT},
      {"Mp3", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III}};
  std::vector<EncodedSound> sounds;
  for (const auto& [kind, format] : kinds) sounds.push_back({kind, encode_as(format, sound)});
  return sounds;
}

}  // namespace acestep::audio
