// Sound that a user gives to work on: read, checked, and as the VAE hears it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "audio/readable_file.h"
#include "audio/waveform.h"

namespace acestep::pipeline {

inline constexpr double kLongestSourceSeconds = 600.0;  // as the longest song

// What is known of a source before anything is encoded. Digests are of the files' bytes; empty
// where there is no such file.
struct SourceFacts {
  int64_t samples = 0;  // of one channel at 48 kHz
  std::string audio_sha256 = {};
  std::string latents_sha256 = {};
  bool is_audible = false;  // it is more than silence (reference: conditioning_masks.py)

  double seconds() const;
};

struct SourceAudio {
  audio::Waveform sound;  // 48 kHz, stereo, in [-1, 1]
  SourceFacts facts;
};

struct SourceFile {
  std::filesystem::path path;
  std::string option = {};          // that named it, for messages: "--src_audio"; empty: none
  audio::DecoderCall decoder = {};  // of kinds that are not read here
};

// Mono is doubled, channels beyond the second are dropped, other rates resampled as the reference
// does. Throws Error kInput naming option and file for one that is missing, empty, unreadable,
// shorter than one latent frame (0.04 s) or longer than kLongestSourceSeconds.
SourceAudio read_source_audio(const SourceFile& file);

}  // namespace acestep::pipeline
