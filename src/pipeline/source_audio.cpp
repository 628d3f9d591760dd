#include "pipeline/source_audio.h"

#include <cmath>

#include "audio/reader.h"
#include "audio/resample.h"
#include "condition/latent_plan.h"
#include "util/error.h"
#include "util/sha256.h"

namespace acestep::pipeline {
namespace {

// reference: conditioning_target.py, on the sum of all samples
constexpr double kSilentSum = 1e-6;

std::string named(const SourceFile& file, const std::string& message) {
  return file.option.empty() ? message : file.option + ": " + message;
}

// The reader's own messages, with the option that they are about.
audio::Waveform read(const SourceFile& file) {
  try {
    const audio::ReadableFile readable(file.path, file.decoder);
    return audio::read_audio(readable.path(), {.max_seconds = kLongestSourceSeconds});
  } catch (const Error& error) {
    throw Error(error.code(), named(file, error.message()), error.hint());
  }
}

bool is_audible(const audio::Waveform& sound) {
  double sum = 0.0;
  for (const float sample : sound.samples) sum += std::fabs(sample);
  return sum > kSilentSum;
}

}  // namespace

double SourceFacts::seconds() const {
  return static_cast<double>(samples) / static_cast<double>(condition::kSampleRateHz);
}

SourceAudio read_source_audio(const SourceFile& file) {
  SourceAudio source;
  source.sound = audio::to_stereo(read(file), condition::kSampleRateHz);
  if (source.sound.frames() < condition::kFrameSamples) {
    throw Error(
        ErrorCode::kInput,
        named(file, file.path.string() + ": lasts " + std::to_string(source.sound.frames()) +
                        " samples at 48000 Hz, at least " +
                        std::to_string(condition::kFrameSamples) + " are needed"),
        "give at least a tenth of a second of sound");
  }
  source.facts = {.samples = source.sound.frames(),
                  .audio_sha256 = util::sha256_of_file(file.path),
                  .is_audible = is_audible(source.sound)};
  return source;
}

}  // namespace acestep::pipeline
