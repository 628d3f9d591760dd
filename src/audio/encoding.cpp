#include "audio/encoding.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>

#include "audio/resample.h"
#include "util/error.h"

namespace acestep::audio {
namespace {

constexpr std::size_t kMebibyte = std::size_t{1} << 20;
constexpr std::array<int64_t, 4> kMp3Bitrates = {128, 192, 256, 320};
constexpr std::array<int64_t, 2> kMp3Rates = {44'100, 48'000};
constexpr std::array<int64_t, 1> kOpusRates = {48'000};

struct FormatFacts {
  std::string_view extension;
  std::size_t max_comment_bytes;
  int64_t wav_bytes_per_sample;
};

FormatFacts facts_of(FileFormat format) {
  switch (format) {
    case FileFormat::kWav16:
      return {"wav", 2000, 2};
    case FileFormat::kWav24:
      return {"wav", 2000, 3};
    case FileFormat::kWav32Float:
      return {"wav", 2000, 4};
    case FileFormat::kFlac16:
      return {"flac", kMebibyte, 0};
    case FileFormat::kMp3:
      return {"mp3", kMebibyte, 0};
    case FileFormat::kOggOpus:
      return {"opus", 51'200, 0};
    case FileFormat::kOggVorbis:
      return {"ogg", kMebibyte, 0};
  }
  throw Error(ErrorCode::kInternal, "unknown audio file format");
}

void require_one_of(std::string_view what, int64_t found, std::span<const int64_t> allowed) {
  if (std::find(allowed.begin(), allowed.end(), found) != allowed.end()) return;
  std::string list;
  for (const int64_t value : allowed) list += (list.empty() ? "" : ", ") + std::to_string(value);
  throw Error(ErrorCode::kUsage, std::string(what) + " is " + std::to_string(found),
              "possible: " + list);
}

}  // namespace

std::string_view file_extension(FileFormat format) { return facts_of(format).extension; }

std::size_t max_comment_bytes(FileFormat format) { return facts_of(format).max_comment_bytes; }

int64_t wav_bytes_per_sample(FileFormat format) { return facts_of(format).wav_bytes_per_sample; }

int64_t file_rate_hz(const Waveform& waveform, const Encoding& encoding) {
  return encoding.sample_rate_hz == 0 ? waveform.sample_rate_hz : encoding.sample_rate_hz;
}

int64_t file_frames(const Waveform& waveform, const Encoding& encoding) {
  return resampled_frames(waveform, file_rate_hz(waveform, encoding));
}

void require_possible(const Waveform& waveform, const Encoding& encoding) {
  const int64_t rate_hz = file_rate_hz(waveform, encoding);
  if (encoding.format == FileFormat::kOggOpus) {
    require_one_of("the sample rate of an Opus file", rate_hz, kOpusRates);
  }
  if (encoding.format != FileFormat::kMp3) return;
  constexpr std::array<int64_t, 2> kChannels = {1, 2};
  require_one_of("the bitrate of an MP3 file", encoding.mp3_bitrate_kbps, kMp3Bitrates);
  require_one_of("the sample rate of an MP3 file", rate_hz, kMp3Rates);
  require_one_of("the number of channels of an MP3 file", waveform.channels, kChannels);
}

}  // namespace acestep::audio
