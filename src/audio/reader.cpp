#include "audio/reader.h"

#include <sndfile.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <string_view>
#include <utility>

#include "audio/memory_file.h"
#include "audio/sound_kind.h"
#include "util/error.h"
#include "util/mapped_file.h"

namespace acestep::audio {
namespace {

using File = std::unique_ptr<SNDFILE, SndfileCloser>;

constexpr sf_count_t kBlockFrames = 1 << 16;
constexpr const char* kAllowedKinds = "use WAV, FLAC, Ogg, MP3 or AIFF";

[[noreturn]] void fail(const std::string& name, const std::string& what, const std::string& hint) {
  throw Error(ErrorCode::kInput, name + ": " + what, hint);
}

bool has_at(std::span<const std::byte> bytes, std::size_t offset, std::string_view text) {
  return bytes.size() >= offset + text.size() &&
         std::memcmp(bytes.data() + offset, text.data(), text.size()) == 0;
}

bool is_mpeg_frame(std::span<const std::byte> bytes) {
  constexpr std::byte kSync{0xFF};
  constexpr std::byte kSyncBits{0xE0};
  return bytes.size() >= 2 && bytes[0] == kSync && (bytes[1] & kSyncBits) == kSyncBits;
}

void require_allowed_kind(std::span<const std::byte> bytes, const std::string& name) {
  if (bytes.empty()) fail(name, "the file is empty", kAllowedKinds);
  if (is_known_kind(bytes)) return;
  if (has_at(bytes, 4, "ftyp")) {
    fail(name, "is an MP4 or M4A file, which cannot be read",
         "convert it to FLAC or WAV; where a command has --decoder, a program can do that: "
         R"(--decoder '["ffmpeg","-v","error","-i","{}","-f","wav","-"]')");
  }
  fail(name, "is not a sound file of a known kind", kAllowedKinds);
}

[[noreturn]] void fail_breaking_off(const std::string& name) {
  fail(name, "the file breaks off, and its sound cannot be read without its end",
       "get it again from where it came from");
}

File open_for_reading(InputBytes& input, const std::string& name, SF_INFO& info) {
  require_allowed_kind(input.bytes, name);
  SF_VIRTUAL_IO callbacks = input_callbacks();
  File file(sf_open_virtual(&callbacks, SFM_READ, &info, &input));
  if (file) return file;
  if (container_breaks_off(input.bytes)) fail_breaking_off(name);
  fail(name, std::string("cannot be decoded: ") + sf_strerror(nullptr), kAllowedKinds);
}

void require_in_range(const std::string& name, const char* what, int64_t found, int64_t lowest,
                      int64_t highest) {
  if (found >= lowest && found <= highest) return;
  fail(name,
       std::string(what) + " is " + std::to_string(found) + ", expected " + std::to_string(lowest) +
           " to " + std::to_string(highest),
       "convert it to 48000 Hz stereo");
}

void check_limits(const SF_INFO& info, const std::string& name, const ReadLimits& limits) {
  require_in_range(name, "number of channels", info.channels, 1, limits.max_channels);
  require_in_range(name, "sample rate", info.samplerate, limits.min_sample_rate_hz,
                   limits.max_sample_rate_hz);
  if (info.frames == SF_COUNT_MAX) fail_breaking_off(name);  // an Ogg stream without its end
  if (info.frames <= 0) fail(name, "holds no sound", "give a file with some audio in it");
  const double seconds = static_cast<double>(info.frames) / static_cast<double>(info.samplerate);
  if (limits.max_seconds && seconds > *limits.max_seconds) {
    fail(name,
         "lasts " + std::to_string(static_cast<int64_t>(std::ceil(seconds))) +
             " seconds, at most " + std::to_string(static_cast<int64_t>(*limits.max_seconds)) +
             " are read",
         "cut it to the part that matters");
  }
  if (info.frames > limits.max_samples / info.channels) {
    fail(name,
         "states " + std::to_string(info.frames) + " frames of " + std::to_string(info.channels) +
             " channels, at most " + std::to_string(limits.max_samples / info.channels) +
             " frames are read",
         "cut it to a shorter piece");
  }
}

// Grows with what the file really holds: its stated length may be a lie.
std::vector<float> read_interleaved(SNDFILE* file, const SF_INFO& info, const std::string& name) {
  const auto channels = static_cast<std::size_t>(info.channels);
  std::vector<float> block(static_cast<std::size_t>(kBlockFrames) * channels);
  std::vector<float> samples;
  for (sf_count_t rest = info.frames; rest > 0;) {
    const sf_count_t got = sf_readf_float(file, block.data(), std::min(rest, kBlockFrames));
    if (got <= 0) break;
    samples.insert(samples.end(), block.begin(),
                   block.begin() + static_cast<std::ptrdiff_t>(got) * info.channels);
    rest -= got;
  }
  if (samples.empty()) {
    fail(name, std::string("holds no readable sound: ") + sf_strerror(file), kAllowedKinds);
  }
  return samples;
}

Waveform to_planar(const std::vector<float>& interleaved, const SF_INFO& info,
                   const std::string& name) {
  const auto channels = static_cast<std::size_t>(info.channels);
  const std::size_t frames = interleaved.size() / channels;
  Waveform waveform(info.samplerate, info.channels, static_cast<int64_t>(frames));
  for (std::size_t c = 0; c < channels; ++c) {
    const std::span<float> target = waveform.channel(static_cast<int64_t>(c));
    for (std::size_t i = 0; i < frames; ++i) {
      const float sample = interleaved[i * channels + c];
      if (!std::isfinite(sample)) {
        fail(name, "sample " + std::to_string(i) + " is NaN or infinite", "repair the file");
      }
      target[i] = sample;
    }
  }
  return waveform;
}

std::string tag(SNDFILE* file, int kind) {
  const char* text = sf_get_string(file, kind);
  return text == nullptr ? std::string() : std::string(text);
}

Tags tags_of(SNDFILE* file) {
  return {tag(file, SF_STR_TITLE), tag(file, SF_STR_SOFTWARE), tag(file, SF_STR_COMMENT)};
}

}  // namespace

// Looked at before libsndfile sees the bytes: its parsers of rarer formats stay out of reach.
bool is_known_kind(std::span<const std::byte> bytes) {
  const bool is_wav =
      (has_at(bytes, 0, "RIFF") || has_at(bytes, 0, "RF64")) && has_at(bytes, 8, "WAVE");
  const bool is_aiff =
      has_at(bytes, 0, "FORM") && (has_at(bytes, 8, "AIFF") || has_at(bytes, 8, "AIFC"));
  return is_wav || is_aiff || has_at(bytes, 0, "fLaC") || has_at(bytes, 0, "OggS") ||
         has_at(bytes, 0, "ID3") || is_mpeg_frame(bytes);
}

SoundFile decode_sound_file(std::span<const std::byte> bytes, const std::string& name,
                            const ReadLimits& limits) {
  InputBytes input{bytes};
  SF_INFO info{};
  const File file = open_for_reading(input, name, info);
  check_limits(info, name, limits);
  SoundFile sound{.format = sound_kind_name(info.format), .tags = tags_of(file.get())};
  sound.waveform = to_planar(read_interleaved(file.get(), info, name), info, name);
  sound.breaks_off = sound.waveform.frames() < info.frames || container_breaks_off(bytes);
  return sound;
}

SoundFile read_sound_file(const std::filesystem::path& file, const ReadLimits& limits) {
  const util::MappedFile mapped(file, ErrorCode::kInput);
  return decode_sound_file(mapped.bytes(), file.string(), limits);
}

Waveform decode_audio(std::span<const std::byte> bytes, const std::string& name,
                      const ReadLimits& limits) {
  return decode_sound_file(bytes, name, limits).waveform;
}

Waveform read_audio(const std::filesystem::path& file, const ReadLimits& limits) {
  const util::MappedFile mapped(file, ErrorCode::kInput);
  return decode_audio(mapped.bytes(), file.string(), limits);
}

struct SoundBlocks::Opened {
  Opened(const std::filesystem::path& path, std::string called, ReadLimits limits)
      : name(std::move(called)), mapped(path, ErrorCode::kInput), input{mapped.bytes()} {
    file = open_for_reading(input, name, info);
    limits.max_samples = std::numeric_limits<int64_t>::max();
    check_limits(info, name, limits);
    block.resize(static_cast<std::size_t>(kBlockFrames * info.channels));
  }

  std::string name;
  util::MappedFile mapped;
  InputBytes input;
  SF_INFO info{};
  File file;
  std::vector<float> block;
  int64_t frames_read = 0;
};

SoundBlocks::SoundBlocks(const std::filesystem::path& file, const std::string& name,
                         const ReadLimits& limits)
    : opened_(std::make_unique<Opened>(file, name, limits)) {}

SoundBlocks::~SoundBlocks() = default;

int64_t SoundBlocks::sample_rate_hz() const { return opened_->info.samplerate; }
int64_t SoundBlocks::channels() const { return opened_->info.channels; }

std::span<const float> SoundBlocks::next() {
  Opened& sound = *opened_;
  const sf_count_t wanted = std::min(sound.info.frames - sound.frames_read, kBlockFrames);
  const sf_count_t got =
      wanted > 0 ? sf_readf_float(sound.file.get(), sound.block.data(), wanted) : 0;
  const auto samples = static_cast<std::size_t>(std::max<sf_count_t>(got, 0) * channels());
  const std::span<const float> block = std::span<const float>(sound.block).first(samples);
  if (!std::all_of(block.begin(), block.end(), [](float x) { return std::isfinite(x); })) {
    fail(sound.name, "holds samples that are NaN or infinite", "repair the file");
  }
  sound.frames_read += std::max<sf_count_t>(got, 0);
  return block;
}

Tags decode_tags(std::span<const std::byte> bytes, const std::string& name) {
  InputBytes input{bytes};
  SF_INFO info{};
  const File file = open_for_reading(input, name, info);
  return tags_of(file.get());
}

Tags read_tags(const std::filesystem::path& file) {
  const util::MappedFile mapped(file, ErrorCode::kInput);
  return decode_tags(mapped.bytes(), file.string());
}

}  // namespace acestep::audio
