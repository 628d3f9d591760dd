#include <cmath>

#include "audio/reader.h"
#include "fuzz/outcome.h"
#include "fuzz/targets.h"

namespace acestep::fuzz {

int fuzz_audio(const uint8_t* bytes, size_t count) {
  constexpr audio::ReadLimits kLimits = {.max_samples = 100'000};
  return outcome(ErrorCode::kInput, [&] {
    const audio::Waveform sound = audio::decode_audio(as_span(bytes, count), "file", kLimits);
    require(sound.frames() > 0, "no frames");
    require(sound.channels <= kLimits.max_channels, "too many channels");
    require(static_cast<int64_t>(sound.samples.size()) <= kLimits.max_samples, "too many samples");
    for (const float sample : sound.samples)
      require(std::isfinite(sample), "a sample is no number");
    audio::decode_tags(as_span(bytes, count), "file");
  });
}

}  // namespace acestep::fuzz
