// What a sound file tells besides its sound.
#include <span>

#include "audio/ogg_pages.h"
#include "audio/reader.h"
#include "audio/writer.h"
#include "unit/audio/encoded_sounds.h"
#include "unit/audio/sounds.h"

namespace acestep::audio {
namespace {

struct Kind {
  FileFormat format;
  const char* name;
};
void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }

class SoundFileKinds : public ::testing::TestWithParam<Kind> {
 protected:
  static std::vector<std::byte> file() {
    return encode_audio(sine(48'000), {GetParam().format}, {.comment = "record"});
  }
};
INSTANTIATE_TEST_SUITE_P(Formats, SoundFileKinds,
                         ::testing::Values(Kind{FileFormat::kWav16, "WAV, 16 bit"},
                                           Kind{FileFormat::kWav24, "WAV, 24 bit"},
                                           Kind{FileFormat::kWav32Float, "WAV, 32-bit float"},
                                           Kind{FileFormat::kFlac16, "FLAC, 16 bit"},
                                           Kind{FileFormat::kMp3, "MP3"},
                                           Kind{FileFormat::kOggOpus, "Ogg Opus"},
                                           Kind{FileFormat::kOggVorbis, "Ogg Vorbis"}));

TEST_P(SoundFileKinds, AreNamedReadAndWhole) {
  const SoundFile sound = decode_sound_file(file(), "song");
  EXPECT_EQ(sound.format, GetParam().name);
  EXPECT_EQ(sound.tags.comment, "record");
  EXPECT_EQ(sound.waveform.frames(), 48'000);
  EXPECT_FALSE(sound.breaks_off);
}

TEST_P(SoundFileKinds, AreToldFromFilesThatBreakOff) {
  std::vector<std::byte> bytes = file();
  bytes.resize(bytes.size() * 6 / 10);
  const bool is_ogg = std::string(GetParam().name).starts_with("Ogg");
  if (is_ogg) {
    EXPECT_THAT(message_of(ErrorCode::kInput, [&] { decode_sound_file(bytes, "song"); }),
                ::testing::HasSubstr("song: the file breaks off"));
    return;
  }
  const SoundFile sound = decode_sound_file(bytes, "song");
  EXPECT_TRUE(sound.breaks_off);
  EXPECT_EQ(sound.tags.comment, "record");
}

TEST(SoundFile, NamesRarerKinds) {
  std::vector<std::string> names;
  for (const EncodedSound& sound : encoded_sounds(4800)) {
    names.push_back(decode_sound_file(sound.bytes, "song").format);
  }
  EXPECT_THAT(names, ::testing::IsSupersetOf({"WAV, Microsoft ADPCM", "RF64, 24 bit",
                                              "AIFF, 16 bit", "AIFF, 32-bit float"}));
}

// A program that writes into a pipe leaves the size open.
TEST(SoundFile, AWavOfUnknownSizeIsWhole) {
  std::vector<std::byte> bytes = encode_audio(sine(100), {FileFormat::kWav16}, {});
  for (std::size_t i = 4; i < 8; ++i) bytes[i] = std::byte{0xFF};
  EXPECT_FALSE(decode_sound_file(bytes, "song").breaks_off);
}

TEST(OggPages, EndBeforeWhatIsNoWholePage) {
  const auto bytes = encode_audio(sine(48'000), {FileFormat::kOggVorbis}, {});
  const std::span<const std::byte> file(bytes);
  const auto pages = ogg_pages(file);
  ASSERT_GT(pages.size(), 2U);
  EXPECT_EQ(pages.front().begin, 0U);
  EXPECT_EQ(pages.back().end(), bytes.size());
  EXPECT_TRUE(ends_stream(file, pages.back()));
  EXPECT_FALSE(ends_stream(file, pages.front()));
  EXPECT_EQ(ogg_pages(file.first(bytes.size() - 1)).size(), pages.size() - 1);
  EXPECT_EQ(ogg_pages(file.first(20)).size(), 0U);
  EXPECT_EQ(ogg_pages(file.subspan(1)).size(), 0U);
}

}  // namespace
}  // namespace acestep::audio
