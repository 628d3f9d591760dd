#include "audio/reader.h"

#include <cstring>
#include <random>
#include <string_view>

#include "audio/writer.h"
#include "unit/audio/sounds.h"

namespace acestep::audio {
namespace {

using ::testing::HasSubstr;

std::vector<std::byte> bytes_of(std::string_view text) {
  std::vector<std::byte> bytes(text.size());
  std::memcpy(bytes.data(), text.data(), text.size());
  return bytes;
}

std::string refusal(const std::vector<std::byte>& bytes, const ReadLimits& limits = {}) {
  return message_of(ErrorCode::kInput, [&] { decode_audio(bytes, "in.wav", limits); });
}

TEST(DecodeAudio, RefusesAnEmptyFile) {
  EXPECT_THAT(refusal({}), HasSubstr("in.wav: the file is empty"));
}

TEST(DecodeAudio, RefusesText) {
  EXPECT_THAT(refusal(bytes_of("just some words")), HasSubstr("is not a sound file"));
}

TEST(DecodeAudio, TellsAboutM4a) {
  EXPECT_THAT(refusal(bytes_of(std::string_view("\0\0\0\x20"
                                                "ftypM4A ",
                                                12))),
              HasSubstr("MP4 or M4A"));
}

TEST(DecodeAudio, KeepsRareFormatsAwayFromTheLibrary) {
  EXPECT_THAT(refusal(bytes_of("caff\0\1\0\0desc")), HasSubstr("is not a sound file"));
}

TEST(DecodeAudio, RefusesManyChannels) {
  const auto bytes = encode_audio(sine(10, 12), {FileFormat::kWav16}, {});
  EXPECT_THAT(refusal(bytes), HasSubstr("number of channels is 12, expected 1 to 8"));
}

TEST(DecodeAudio, RefusesAnAbsurdSampleRate) {
  const auto bytes = encode_audio(sine(10, 1, 1), {FileFormat::kWav16}, {});
  EXPECT_THAT(refusal(bytes), HasSubstr("sample rate is 1, expected 4000"));
}

TEST(DecodeAudio, RefusesMoreThanTheCapBeforeReading) {
  const auto bytes = encode_audio(sine(1000), {FileFormat::kFlac16}, {});
  EXPECT_THAT(refusal(bytes, {.max_samples = 1999}), HasSubstr("states 1000 frames"));
}

TEST(DecodeAudio, RefusesNaNSamples) {
  auto bytes = encode_audio(sine(10, 1), {FileFormat::kWav32Float}, {});
  std::memset(bytes.data() + bytes.size() - 4, 0xFF, 4);
  EXPECT_THAT(refusal(bytes), HasSubstr("sample 9 is NaN or infinite"));
}

TEST(DecodeAudio, RefusesAFileWithoutSamples) {
  auto bytes = encode_audio(sine(10, 1), {FileFormat::kWav16}, {});
  bytes.resize(bytes.size() - 20);
  EXPECT_THAT(refusal(bytes), HasSubstr("holds no"));
}

// Whatever the bytes are: a waveform within the caps or one Error, never a crash.
TEST(DecodeAudio, SurvivesMutations) {
  std::mt19937 random(1);
  for (const FileFormat format : {FileFormat::kWav16, FileFormat::kFlac16}) {
    const auto good = encode_audio(sine(400), {format}, {.comment = "record"});
    for (int round = 0; round < 500; ++round) {
      auto bytes = good;
      for (int i = 0; i < 3; ++i) bytes[random() % bytes.size()] = std::byte(random() % 256);
      bytes.resize(bytes.size() - random() % 40);
      try {
        EXPECT_GT(decode_audio(bytes, "in", {.max_samples = 100'000}).frames(), 0);
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::kInput) << error.message();
      }
    }
  }
}

}  // namespace
}  // namespace acestep::audio
