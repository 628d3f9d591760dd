#include "audio/writer.h"

#include <cstring>
#include <filesystem>
#include <limits>

#include "audio/reader.h"
#include "unit/audio/sounds.h"

namespace acestep::audio {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

Waveform decoded(const std::vector<std::byte>& bytes) { return decode_audio(bytes, "song"); }

Waveform mono(std::vector<float> samples) {
  Waveform waveform(48000, 1, static_cast<int64_t>(samples.size()));
  waveform.samples = std::move(samples);
  return waveform;
}

constexpr float kStep = 1.0F / 32768.0F;

class LosslessFormat : public ::testing::TestWithParam<FileFormat> {};
INSTANTIATE_TEST_SUITE_P(Formats, LosslessFormat,
                         ::testing::Values(FileFormat::kWav16, FileFormat::kWav24,
                                           FileFormat::kWav32Float, FileFormat::kFlac16));

class EveryFormat : public ::testing::TestWithParam<FileFormat> {};
INSTANTIATE_TEST_SUITE_P(Formats, EveryFormat,
                         ::testing::Values(FileFormat::kWav16, FileFormat::kWav24,
                                           FileFormat::kWav32Float, FileFormat::kFlac16,
                                           FileFormat::kMp3, FileFormat::kOggOpus,
                                           FileFormat::kOggVorbis));

TEST_P(LosslessFormat, ReadsBackWithinOneStep) {
  const Waveform song = sine(5000);
  const Waveform again = decoded(encode_audio(song, {GetParam()}, {}));
  ASSERT_EQ(again.channels, 2);
  ASSERT_EQ(again.frames(), 5000);
  EXPECT_EQ(again.sample_rate_hz, 48000);
  for (std::size_t i = 0; i < song.samples.size(); ++i) {
    ASSERT_NEAR(again.samples[i], song.samples[i], kStep) << "sample " << i;
  }
}

TEST_P(EveryFormat, KeepsItsTags) {
  const std::string longest(max_comment_bytes(GetParam()), 'x');
  const auto bytes =
      encode_audio(sine(100), {GetParam()},
                   {.title = "Nachtzug – 夜", .software = "acestep 0.1", .comment = longest});
  const Tags tags = decode_tags(bytes, "song");
  EXPECT_EQ(tags.title, "Nachtzug – 夜");
  EXPECT_THAT(tags.software, StartsWith("acestep 0.1"));
  EXPECT_EQ(tags.comment, longest);
}

TEST_P(EveryFormat, RefusesALongerComment) {
  const std::string too_long(max_comment_bytes(GetParam()) + 1, 'x');
  const std::string message = message_of(
      ErrorCode::kOutput, [&] { encode_audio(sine(100), {GetParam()}, {.comment = too_long}); });
  EXPECT_THAT(message, HasSubstr("the comment has"));
}

// Records hold captions and lyrics in any script.
TEST_P(EveryFormat, KeepsACommentInAnyScript) {
  const std::string comment = "{\"lyrics\":\"[Verse]\\nÜber 夜の列車 🎵\"}";
  EXPECT_EQ(
      decode_tags(encode_audio(sine(100), {GetParam()}, {.comment = comment}), "song").comment,
      comment);
}

TEST_P(EveryFormat, WritesNoTagsWhenThereAreNone) {
  const Tags tags = decode_tags(encode_audio(sine(100), {GetParam()}, {}), "song");
  EXPECT_EQ(tags.title, "");
  EXPECT_EQ(tags.software, "");
  EXPECT_EQ(tags.comment, "");
}

TEST_P(EveryFormat, CanBeWrittenHere) { EXPECT_TRUE(can_write(GetParam())); }

TEST_P(EveryFormat, HoldsASingleFrame) {
  const Waveform again = decoded(encode_audio(sine(1), {GetParam()}, {.comment = "c"}));
  EXPECT_EQ(again.frames(), 1);
  EXPECT_EQ(again.channels, 2);
  EXPECT_EQ(again.sample_rate_hz, 48000);
}

TEST_P(EveryFormat, GivesTheSameBytesTwice) {
  const Tags tags{.title = "a", .software = "b", .comment = "c"};
  EXPECT_EQ(encode_audio(sine(300), {GetParam()}, tags),
            encode_audio(sine(300), {GetParam()}, tags));
}

TEST_P(EveryFormat, RejectsNaNInsteadOfWritingIt) {
  Waveform song = sine(100);
  song.samples[7] = std::numeric_limits<float>::quiet_NaN();
  message_of(ErrorCode::kRejected, [&] { encode_audio(song, {GetParam()}, {}); });
}

// The reference's two ways of rounding to 16 bits.
TEST(Rounding, WavRoundsDown) {
  const auto bytes = encode_audio(mono({1.6F * kStep, -1.4F * kStep}), {FileFormat::kWav16}, {});
  EXPECT_THAT(decoded(bytes).samples, ElementsAre(kStep, -2.0F * kStep));
}

TEST(Rounding, FlacRoundsHalvesToEven) {
  const auto bytes = encode_audio(mono({0.5F * kStep, 1.5F * kStep, 1.6F * kStep, -1.4F * kStep}),
                                  {FileFormat::kFlac16}, {});
  EXPECT_THAT(decoded(bytes).samples, ElementsAre(0.0F, 2 * kStep, 2 * kStep, -kStep));
}

TEST(Clipping, SixteenBitsStopAtFullScale) {
  for (const FileFormat format : {FileFormat::kWav16, FileFormat::kFlac16}) {
    const auto bytes = encode_audio(mono({1.5F, -1.5F}), {format}, {});
    EXPECT_THAT(decoded(bytes).samples, ElementsAre(1.0F - kStep, -1.0F));
  }
}

TEST(Clipping, FloatFilesKeepWhatIsAboveFullScale) {
  const auto bytes = encode_audio(mono({1.5F, -1.5F}), {FileFormat::kWav32Float}, {});
  EXPECT_THAT(decoded(bytes).samples, ElementsAre(1.5F, -1.5F));
}

TEST(WriteAudio, DoesNotOverwriteUnlessAsked) {
  const std::filesystem::path file =
      std::filesystem::path(::testing::TempDir()) / "acestep_write_audio_test.flac";
  std::filesystem::remove(file);
  write_audio(file, sine(100), {FileFormat::kFlac16}, {});
  message_of(ErrorCode::kOutput, [&] { write_audio(file, sine(200), {FileFormat::kFlac16}, {}); });
  EXPECT_EQ(read_audio(file).frames(), 100);
  write_audio(file, sine(200), {FileFormat::kFlac16}, {}, util::Existing::kReplace);
  EXPECT_EQ(read_audio(file).frames(), 200);
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace acestep::audio
