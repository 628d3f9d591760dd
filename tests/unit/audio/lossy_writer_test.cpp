// What only MP3, Ogg Opus and Ogg Vorbis have: a bitrate, rounding of the sound itself, and headers
// that could differ between two equal songs.
#include <chrono>
#include <cmath>
#include <numbers>
#include <random>
#include <thread>

#include "audio/mastering.h"
#include "audio/reader.h"
#include "audio/writer.h"
#include "unit/audio/sounds.h"

namespace acestep::audio {
namespace {

using ::testing::HasSubstr;

constexpr FileFormat kLossy[] = {FileFormat::kMp3, FileFormat::kOggOpus, FileFormat::kOggVorbis};

// Rises from 100 Hz to 2 kHz, the second channel half as fast: no shift of it resembles it.
Waveform sweep(int64_t frames, int64_t rate_hz = 48000) {
  Waveform waveform(rate_hz, 2, frames);
  for (int64_t c = 0; c < 2; ++c) {
    const auto samples = waveform.channel(c);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const double part = static_cast<double>(i) / static_cast<double>(frames);
      const double seconds = static_cast<double>(i) / static_cast<double>(rate_hz);
      const double cycles = (100.0 + 950.0 * part) / static_cast<double>(c + 1) * seconds;
      samples[i] = static_cast<float>(0.4 * std::sin(2.0 * std::numbers::pi * cycles));
    }
  }
  return waveform;
}

// Noise is what compresses worst.
Waveform noise(int64_t frames) {
  Waveform waveform(48000, 2, frames);
  std::mt19937 random(1);
  std::normal_distribution<float> normal(0.0F, 0.1F);
  for (float& sample : waveform.samples) sample = normal(random);
  return waveform;
}

// Power of `expected` over the power of its difference from `found`, in dB.
double signal_to_noise_db(const Waveform& expected, const Waveform& found) {
  double signal = 0.0;
  double difference = 0.0;
  for (std::size_t i = 0; i < expected.samples.size(); ++i) {
    const double wanted = expected.samples[i];
    signal += wanted * wanted;
    difference += (wanted - found.samples[i]) * (wanted - found.samples[i]);
  }
  return 10.0 * std::log10(signal / difference);
}

double kbps(const std::vector<std::byte>& file, double seconds) {
  return 8.0 * static_cast<double>(file.size()) / seconds / 1000.0;
}

class LossyFormat : public ::testing::TestWithParam<FileFormat> {};
INSTANTIATE_TEST_SUITE_P(Formats, LossyFormat, ::testing::ValuesIn(kLossy));

// Measured: the encoders leave 26 dB and more; one sample of delay alone would leave 18 dB, a
// longer one, another rate or swapped channels nothing.
TEST_P(LossyFormat, SoundsLikeTheSongAndStartsWithIt) {
  const Waveform song = sweep(96'000);
  const Waveform again = decode_audio(encode_audio(song, {GetParam()}, {}), "song");
  ASSERT_EQ(again.channels, 2);
  ASSERT_EQ(again.frames(), song.frames());
  EXPECT_EQ(again.sample_rate_hz, 48000);
  EXPECT_GT(signal_to_noise_db(song, again), 20.0);
}

TEST_P(LossyFormat, KeepsMonoMono) {
  const Waveform again = decode_audio(encode_audio(sine(9600, 1), {GetParam()}, {}), "song");
  EXPECT_EQ(again.channels, 1);
  EXPECT_EQ(again.frames(), 9600);
}

// Ogg streams have a random number by nature, headers may hold a time.
TEST_P(LossyFormat, GivesTheSameBytesASecondLater) {
  const Tags tags{.title = "a", .software = "b", .comment = "c"};
  const auto first = encode_audio(sine(48'000), {GetParam()}, tags);
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));
  EXPECT_EQ(encode_audio(sine(48'000), {GetParam()}, tags), first);
}

// 1.6 times full scale comes back as loud as it went in, or clipped.
TEST_P(LossyFormat, SurvivesSamplesAboveFullScale) {
  Waveform song = sweep(9600);
  for (float& sample : song.samples) sample *= 4.0F;
  const Waveform again = decode_audio(encode_audio(song, {GetParam()}, {}), "song");
  EXPECT_LT(peak(again), 2.5F);
}

// The longest song, mono to save time.
TEST_P(LossyFormat, HoldsTenMinutes) {
  const Waveform song = sine(600 * 48'000, 1);
  const Waveform again =
      decode_audio(encode_audio(song, {GetParam()}, {.comment = "record"}), "song");
  ASSERT_EQ(again.frames(), song.frames());
  EXPECT_GT(signal_to_noise_db(song, again), 20.0);
}

// Two Ogg files can be played one after another as a chain only if their streams differ.
TEST(OggSerial, DiffersBetweenSongs) {
  const auto serial = [](const Waveform& song) {
    const auto file = encode_audio(song, {FileFormat::kOggVorbis}, {});
    return std::vector<std::byte>(file.begin() + 14, file.begin() + 18);
  };
  EXPECT_NE(serial(sine(4800)), serial(sine(4801)));
}

class Mp3Bitrate : public ::testing::TestWithParam<int64_t> {};
INSTANTIATE_TEST_SUITE_P(Kbps, Mp3Bitrate, ::testing::Values(128, 192, 256, 320));

// One frame more than the sound needs for the encoder's delay, and the header frame: within 1 %.
TEST_P(Mp3Bitrate, IsWhatWasAskedForAtBothRates) {
  const Waveform song = noise(10 * 48'000);
  for (const int64_t rate_hz : {44'100, 48'000}) {
    const auto file = encode_audio(song, {FileFormat::kMp3, GetParam(), rate_hz}, {});
    const auto asked = static_cast<double>(GetParam());
    EXPECT_NEAR(kbps(file, song.seconds()), asked, 0.01 * asked) << rate_hz << " Hz";
  }
}

// What songs of the other two cost: libsndfile's defaults for them.
TEST(Bitrate, OfOpusAndVorbisLiesWhereMusicIsTransparent) {
  const Waveform song = noise(10 * 48'000);
  for (const FileFormat format : {FileFormat::kOggOpus, FileFormat::kOggVorbis}) {
    const double found = kbps(encode_audio(song, {format}, {}), song.seconds());
    EXPECT_GT(found, 110.0);
    EXPECT_LT(found, 260.0);
  }
}

TEST(Mp3, IsResampledTo44100) {
  const auto file = encode_audio(sweep(96'000), {FileFormat::kMp3, 192, 44'100}, {.comment = "c"});
  const Waveform again = decode_audio(file, "song");
  EXPECT_EQ(again.sample_rate_hz, 44'100);
  const Waveform expected = sweep(88'200, 44'100);
  ASSERT_EQ(again.frames(), expected.frames());
  EXPECT_GT(signal_to_noise_db(expected, again), 20.0);
}

TEST(Encoding, RefusesWhatAFormatCannotHave) {
  const auto refusal = [](const Waveform& song, const Encoding& encoding) {
    return message_of(ErrorCode::kUsage, [&] { encode_audio(song, encoding, {}); });
  };
  EXPECT_THAT(refusal(sine(100), {FileFormat::kMp3, 127}),
              HasSubstr("bitrate of an MP3 file is 127"));
  EXPECT_THAT(refusal(sine(100), {FileFormat::kMp3, 128, 32'000}), HasSubstr("is 32000"));
  EXPECT_THAT(refusal(sine(100, 3), {FileFormat::kMp3}), HasSubstr("channels of an MP3 file is 3"));
  EXPECT_THAT(refusal(sine(100), {FileFormat::kOggOpus, 128, 44'100}), HasSubstr("is 44100"));
}

}  // namespace
}  // namespace acestep::audio
