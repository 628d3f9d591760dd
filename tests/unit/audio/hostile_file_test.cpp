// Sound files of every kind, whole, cut and lying about themselves.
#include <cstring>
#include <limits>

#include "audio/reader.h"
#include "unit/audio/encoded_sounds.h"

namespace acestep::audio {
namespace {

using ::testing::HasSubstr;
using Bytes = std::vector<std::byte>;

constexpr int64_t kFrames = 4800;  // a tenth of a second

class EveryKind : public ::testing::TestWithParam<EncodedSound> {
 protected:
  const Bytes& bytes() const { return GetParam().bytes; }
  bool is_lossy() const {
    const std::string& kind = GetParam().kind;
    return kind == "Mp3" || kind == "OggVorbis" || kind == "OggOpus" || kind == "WavAdpcm";
  }
};

// Root of the mean square of the difference over the frames that both have.
double rms_difference(const Waveform& a, const Waveform& b) {
  double sum = 0.0;
  const auto count = static_cast<size_t>(std::min(a.frames(), b.frames()));
  for (int64_t c = 0; c < a.channels; ++c) {
    for (size_t i = 0; i < count; ++i) {
      const double difference = double{a.channel(c)[i]} - double{b.channel(c)[i]};
      sum += difference * difference;
    }
  }
  return std::sqrt(sum / static_cast<double>(count * static_cast<size_t>(a.channels)));
}

TEST_P(EveryKind, IsRead) {
  const Waveform sound = decode_audio(bytes(), "in");
  const Waveform original = sine(kFrames);
  EXPECT_EQ(sound.channels, 2);
  EXPECT_EQ(sound.sample_rate_hz, 48000);
  // Codecs pad to whole blocks.
  EXPECT_GE(sound.frames(), kFrames);
  EXPECT_LE(sound.frames(), kFrames + (is_lossy() ? 4096 : 0));
  // MP3 delays by a block, which this comparison of aligned samples does not follow.
  if (GetParam().kind == "Mp3") return;
  // The sine's own is 0.28; codecs blur its hard beginning.
  EXPECT_LT(rms_difference(sound, original), is_lossy() ? 0.1 : 1e-4);
}

TEST_P(EveryKind, GivesWhatItHoldsOrOneErrorWhereverItIsCut) {
  for (size_t kept = 1; kept < bytes().size(); kept += 1 + bytes().size() / 97) {
    const Bytes cut(bytes().begin(), bytes().begin() + static_cast<std::ptrdiff_t>(kept));
    try {
      const Waveform sound = decode_audio(cut, "in");
      EXPECT_GT(sound.frames(), 0);
      EXPECT_LE(sound.frames(), kFrames + 4096);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInput) << error.message();
    }
  }
}

TEST_P(EveryKind, IsKnownByItsContentNotItsName) {
  EXPECT_NO_THROW(decode_audio(bytes(), "song.txt"));
}

TEST_P(EveryKind, KeepsTheCapOnSamples) {
  const std::string message = message_of(
      ErrorCode::kInput, [&] { decode_audio(bytes(), "in", {.max_samples = 2 * kFrames - 1}); });
  EXPECT_THAT(message, HasSubstr("in: states "));
}

INSTANTIATE_TEST_SUITE_P(Kinds, EveryKind, ::testing::ValuesIn(encoded_sounds(kFrames)),
                         [](const auto& sound) { return sound.param.kind; });

// Writes `value` little-endian over `count` bytes at `offset`.
Bytes with(Bytes bytes, size_t offset, uint64_t value, size_t count) {
  for (size_t i = 0; i < count; ++i) bytes.at(offset + i) = std::byte(value >> (8 * i) & 0xFF);
  return bytes;
}

Bytes with_big_endian(Bytes bytes, size_t offset, uint64_t value, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    bytes.at(offset + i) = std::byte(value >> (8 * (count - 1 - i)) & 0xFF);
  }
  return bytes;
}

Bytes text(std::string_view content) {
  Bytes bytes(content.size());
  std::memcpy(bytes.data(), content.data(), content.size());
  return bytes;
}

const Bytes& sound(const std::string& kind) {
  static const std::vector<EncodedSound> all = encoded_sounds(kFrames);
  for (const EncodedSound& candidate : all) {
    if (candidate.kind == kind) return candidate.bytes;
  }
  throw std::runtime_error("no sound of kind " + kind);
}

Bytes float_wav_with(float sample) {
  Bytes bytes = sound("WavFloat");
  std::memcpy(bytes.data() + bytes.size() - 400, &sample, sizeof sample);
  return bytes;
}

struct HostileFile {
  std::string name;
  Bytes bytes;
};

void PrintTo(const HostileFile& file, std::ostream* out) { *out << file.name; }

// Offsets: a WAV's "fmt " starts at 12: channels at 22, rate at 24, block align at 32, bits at 34;
// libsndfile's "data" length follows at 40. An AIFF's COMM starts at 12: channels at 20, frames at
// 22, bits at 26, the rate (an 80-bit float) at 28. A FLAC's STREAMINFO body starts at 8.
std::vector<HostileFile> refused_files() {
  const Bytes& wav = sound("Wav16");
  const Bytes& flac = sound("Flac");
  const Bytes& aiff = sound("Aiff");
  Bytes no_riff_form = wav;
  std::memcpy(no_riff_form.data() + 8, "JUNK", 4);
  return {{"Empty", {}},
          {"OneByte", text("R")},
          {"RiffAlone", text("RIFF")},
          {"RiffWithoutForm", no_riff_form},
          {"WavHeaderAlone", Bytes(wav.begin(), wav.begin() + 12)},
          {"WavWithoutData", Bytes(wav.begin(), wav.begin() + 36)},
          {"WavNoChannels", with(wav, 22, 0, 2)},
          {"Wav255Channels", with(wav, 22, 255, 2)},
          {"Wav65535Channels", with(wav, 22, 65535, 2)},
          {"WavRateZero", with(wav, 24, 0, 4)},
          {"WavRateOne", with(wav, 24, 1, 4)},
          {"WavRateFourGigahertz", with(wav, 24, 0xFFFFFFFF, 4)},
          {"WavUnknownCodec", with(wav, 20, 0x7FFF, 2)},
          {"WavNoFrames", Bytes(wav.begin(), wav.begin() + 44)},
          {"WavNaN", float_wav_with(std::numeric_limits<float>::quiet_NaN())},
          {"WavInfinity", float_wav_with(std::numeric_limits<float>::infinity())},
          {"FlacMagicAlone", text("fLaC")},
          {"FlacWithoutFrames", Bytes(flac.begin(), flac.begin() + 42)},
          {"FlacRateZero", with_big_endian(flac, 18, 0, 2)},
          // The low 4 bits of byte 21 and bytes 22 to 25: 2^36 - 1 frames, all that FLAC can state.
          {"Flac64GigaFrames", with_big_endian(with(flac, 21, 0xFF, 1), 22, 0xFFFFFFFF, 4)},
          {"OggMagicAlone", text("OggS")},
          {"OggOfNothing", text("OggS" + std::string(60, '\0'))},
          {"AiffNoChannels", with_big_endian(aiff, 20, 0, 2)},
          {"Aiff255Channels", with_big_endian(aiff, 20, 255, 2)},
          {"AiffRateZero", with_big_endian(aiff, 28, 0, 8)},
          {"AiffHeaderAlone", Bytes(aiff.begin(), aiff.begin() + 12)},
          {"Id3Alone", text("ID3\x04" + std::string(6, '\x7f'))},
          {"MpegSyncAlone", text("\xff\xfb")},
          {"MpegOfNoise", text("\xff\xfb" + std::string(2000, '\x5a'))},
          {"Mp4", text(std::string("\0\0\0\x20"
                                   "ftypM4A ",
                                   12))},
          {"Caf", text("caff\1\1\1\1desc")},
          {"Matlab", text("MATLAB 5.0 MAT-file" + std::string(120, ' '))},
          {"Gzip", text("\x1f\x8b\x08" + std::string(40, '\1'))},
          {"Html", text("<!doctype html><title>404</title>")}};
}

class HostileSound : public ::testing::TestWithParam<HostileFile> {};

TEST_P(HostileSound, IsRefusedByName) {
  const std::string message =
      message_of(ErrorCode::kInput, [&] { decode_audio(GetParam().bytes, "in"); });
  EXPECT_THAT(message, ::testing::StartsWith("in: "));
}

INSTANTIATE_TEST_SUITE_P(Files, HostileSound, ::testing::ValuesIn(refused_files()),
                         [](const auto& file) { return file.param.name; });

// A length that is not true costs nothing: what is there is read.
TEST(LyingLength, OfAWavIsNotBelieved) {
  for (const uint64_t length : {uint64_t{0xFFFFFFFF}, uint64_t{0x7FFFFFFF}, uint64_t{0x80000000}}) {
    const Waveform read = decode_audio(with(sound("Wav16"), 40, length, 4), "in");
    EXPECT_LE(read.frames(), kFrames);
  }
}

TEST(LyingLength, OfAnAiffIsNotBelieved) {
  try {
    const Waveform read = decode_audio(with_big_endian(sound("Aiff"), 22, 0xFFFFFFFF, 4), "in");
    EXPECT_LE(read.frames(), kFrames);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInput);
  }
}

}  // namespace
}  // namespace acestep::audio
