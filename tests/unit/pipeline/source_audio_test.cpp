#include "pipeline/source_audio.h"

#include <gmock/gmock.h>

#include "audio/writer.h"
#include "unit/util/temp_folder.h"

namespace acestep::pipeline {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class SourceFile : public testing::TempFolder {
 protected:
  std::filesystem::path write_sound(const std::string& name, const audio::Waveform& sound) const {
    const std::filesystem::path file = folder_ / name;
    audio::write_audio(file, sound, {.format = audio::FileFormat::kWav16}, {});
    return file;
  }
  std::string message_for(const std::filesystem::path& file) const {
    return testing::message_of(ErrorCode::kInput, [&] {
      read_source_audio({file, "--src_audio"});
    });
  }
};

audio::Waveform constant(int64_t rate_hz, int64_t channels, int64_t frames, float value) {
  audio::Waveform sound(rate_hz, channels, frames);
  for (float& sample : sound.samples) sample = value;
  return sound;
}

TEST_F(SourceFile, MonoOfAnotherRateBecomesStereoAt48Kilohertz) {
  const auto file = write_sound("mono.wav", constant(24000, 1, 24000, 0.25F));
  const SourceAudio source = read_source_audio({file, "--src_audio"});
  EXPECT_EQ(source.sound.sample_rate_hz, 48000);
  EXPECT_EQ(source.sound.channels, 2);
  EXPECT_EQ(source.facts.samples, 48000);
  EXPECT_EQ(source.facts.seconds(), 1.0);
  EXPECT_TRUE(source.facts.is_audible);
  EXPECT_EQ(source.facts.audio_sha256.size(), 64);
}

TEST_F(SourceFile, SilenceIsNoErrorButNotAudible) {
  const auto file = write_sound("silent.wav", constant(48000, 2, 4800, 0.0F));
  EXPECT_FALSE(read_source_audio({file, "--src_audio"}).facts.is_audible);
}

TEST_F(SourceFile, MoreThanTwoChannelsAreReadAsTheFirstTwo) {
  const auto file = write_sound("surround.wav", constant(48000, 6, 4800, 0.5F));
  EXPECT_EQ(read_source_audio({file, "--src_audio"}).sound.channels, 2);
}

TEST_F(SourceFile, WhatCannotBeASourceIsToldWithOptionAndFile) {
  const auto name = [](const char* file) {
    return AllOf(HasSubstr("--src_audio"), HasSubstr(file));
  };
  EXPECT_THAT(message_for(folder_ / "nowhere.wav"), name("nowhere.wav"));
  EXPECT_THAT(message_for(write("empty.wav", "")), AllOf(name("empty.wav"), HasSubstr("empty")));
  EXPECT_THAT(message_for(write("words.wav", "no sound at all")), name("words.wav"));
  EXPECT_THAT(message_for(write_sound("short.wav", constant(48000, 2, 1, 0.5F))),
              AllOf(name("short.wav"), HasSubstr("1 samples"), HasSubstr("1920")));
  EXPECT_THAT(message_for(write_sound("long.wav", constant(4000, 1, 4000 * 3600, 0.5F))),
              AllOf(name("long.wav"), HasSubstr("3600 seconds"), HasSubstr("at most 600")));
}

}  // namespace
}  // namespace acestep::pipeline
