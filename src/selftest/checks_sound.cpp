// Mastering, resampling and audio files.
#include <cmath>
#include <limits>
#include <numbers>

#include "audio/mastering.h"
#include "audio/reader.h"
#include "audio/resample.h"
#include "audio/writer.h"
#include "selftest/check.h"
#include "util/sha256.h"

namespace acestep::selftest {
namespace {

using audio::FileFormat;
using audio::Waveform;

// Stereo, half of full scale, 440 Hz and 660 Hz.
Waveform two_tones(int64_t frames, int64_t rate_hz) {
  Waveform waveform(rate_hz, 2, frames);
  for (int64_t c = 0; c < 2; ++c) {
    const double step =
        2.0 * std::numbers::pi * (c == 0 ? 440.0 : 660.0) / static_cast<double>(rate_hz);
    const std::span<float> samples = waveform.channel(c);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      samples[i] = static_cast<float>(0.5 * std::sin(step * static_cast<double>(i)));
    }
  }
  return waveform;
}

// Largest difference, both ends of `skipped` frames left out.
double difference(const Waveform& a, const Waveform& b, std::size_t skipped) {
  double largest = a.frames() == b.frames() && a.channels == b.channels
                       ? 0.0
                       : std::numeric_limits<double>::infinity();
  if (largest > 0.0) return largest;
  for (int64_t c = 0; c < a.channels; ++c) {
    for (std::size_t i = skipped; i + skipped < a.channel(c).size(); ++i) {
      const double distance = a.channel(c)[i] - b.channel(c)[i];
      largest = std::max(largest, std::fabs(distance));
    }
  }
  return largest;
}

Waveform through_file(const Waveform& song, FileFormat format) {
  return audio::decode_audio(audio::encode_audio(song, {.format = format}, {}), "self test");
}

void check_lossless(Expect& expect, Workshop&) {
  const Waveform song = two_tones(4800, 48000);
  constexpr double kStep16 = 1.0 / 32768.0;
  constexpr double kStep24 = 1.0 / 8388608.0;
  expect.near("FLAC", difference(through_file(song, FileFormat::kFlac16), song, 0), 0.0, kStep16);
  expect.near("WAV", difference(through_file(song, FileFormat::kWav16), song, 0), 0.0, kStep16);
  expect.near("24-bit WAV", difference(through_file(song, FileFormat::kWav24), song, 0), 0.0,
              kStep24);
  expect.near("float WAV", difference(through_file(song, FileFormat::kWav32Float), song, 0), 0.0,
              0.0);
}

// A delay of one sample alone would differ by 0.043. Away from the ends, where encoders fade.
void check_lossy(Expect& expect, Workshop&) {
  const Waveform song = two_tones(24'000, 48000);
  constexpr double kBound = 0.04;
  constexpr std::size_t kEnds = 4800;
  expect.near("MP3", difference(through_file(song, FileFormat::kMp3), song, kEnds), 0.0, kBound);
  expect.near("Ogg Opus", difference(through_file(song, FileFormat::kOggOpus), song, kEnds), 0.0,
              kBound);
  expect.near("Ogg Vorbis", difference(through_file(song, FileFormat::kOggVorbis), song, kEnds),
              0.0, kBound);
}

std::string digest_of(FileFormat format) {
  const auto bytes =
      audio::encode_audio(two_tones(4800, 48000), {.format = format}, {.comment = "c"});
  return util::sha256_of({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

void check_same_bytes(Expect& expect, Workshop&) {
  for (const FileFormat format : {FileFormat::kWav32Float, FileFormat::kFlac16, FileFormat::kMp3,
                                  FileFormat::kOggOpus, FileFormat::kOggVorbis}) {
    expect.same("the digest of a second ." + std::string(audio::file_extension(format)),
                digest_of(format), digest_of(format));
  }
}

void check_tags(Expect& expect, Workshop&) {
  const std::string comment = "{\"caption\":\"Über 夜 🎵\"}";
  for (const FileFormat format : {FileFormat::kWav16, FileFormat::kFlac16, FileFormat::kMp3,
                                  FileFormat::kOggOpus, FileFormat::kOggVorbis}) {
    const auto bytes = audio::encode_audio(two_tones(480, 48000), {.format = format},
                                           {.title = "夜", .comment = comment});
    const audio::Tags tags = audio::decode_tags(bytes, "self test");
    const std::string name = "of a ." + std::string(audio::file_extension(format));
    expect.same("the title " + name, tags.title, "夜");
    expect.same("the comment " + name, tags.comment, comment);
  }
}

void check_mastering(Expect& expect, Workshop&) {
  Waveform song = two_tones(4800, 48000);
  audio::normalize_peak(song, -1.0);
  expect.near("the peak", audio::peak(song), std::pow(10.0, -1.0 / 20.0), 1e-6);
  const float middle = song.channel(0)[2411];
  audio::apply_fades(song, {.in_frames = 480, .out_frames = 480});
  expect.near("the first sample", song.channel(1)[0], 0.0, 0.0);
  expect.near("the last sample", song.channel(1)[4799], 0.0, 0.0);
  expect.near("a sample between the fades", song.channel(0)[2411], middle, 0.0);
}

void check_resampling(Expect& expect, Workshop&) {
  constexpr std::size_t kEnds = 400;  // the filter meets silence there
  const Waveform up = audio::resample(two_tones(4410, 44'100), 48'000);
  expect.near("44.1 to 48 kHz", difference(up, two_tones(4800, 48'000), kEnds), 0.0, 1e-3);
  const Waveform down = audio::resample(two_tones(4800, 48'000), 44'100);
  expect.near("48 to 44.1 kHz", difference(down, two_tones(4410, 44'100), kEnds), 0.0, 1e-3);
}

void check_rejection(Expect& expect, Workshop&) {
  Waveform song = two_tones(480, 48000);
  song.samples[700] = std::numeric_limits<float>::quiet_NaN();
  expect.refused("a song with a NaN", ErrorCode::kRejected,
                 [&] { audio::encode_audio(song, {.format = FileFormat::kFlac16}, {}); });
  song.samples[700] = std::numeric_limits<float>::infinity();
  expect.refused("a song with an infinite sample", ErrorCode::kRejected,
                 [&] { audio::require_finite(song, "self test"); });
  expect.refused("a silent song", ErrorCode::kRejected,
                 [] { audio::require_audible(Waveform(48000, 2, 480), "self test"); });
}

void check_hostile_files(Expect& expect, Workshop&) {
  auto bytes = audio::encode_audio(two_tones(480, 48000), {.format = FileFormat::kFlac16}, {});
  bytes.resize(30);
  expect.refused("a FLAC of 30 bytes", ErrorCode::kInput,
                 [&] { audio::decode_audio(bytes, "self test"); });
  expect.refused("an empty file", ErrorCode::kInput, [] { audio::decode_audio({}, "self test"); });
}

}  // namespace

std::vector<Check> sound_checks() {
  return {{"sound.lossless", "FLAC and WAV read back within half a step", check_lossless},
          {"sound.lossy", "MP3, Opus and Vorbis read back in place", check_lossy},
          {"sound.same_bytes", "equal songs are equal files in every format", check_same_bytes},
          {"sound.tags", "title and record in any script, in every format", check_tags},
          {"sound.mastering", "peak level and fades", check_mastering},
          {"sound.resampling", "tones at 44.1 and 48 kHz against the sine", check_resampling},
          {"sound.rejection", "NaN, infinity and silence are rejected", check_rejection},
          {"sound.hostile_files", "broken files are refused", check_hostile_files}};
}

}  // namespace acestep::selftest
