// Reads sound files that users give, trusting nothing in them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <memory>
#include <span>
#include <string>

#include "audio/tags.h"
#include "audio/waveform.h"

namespace acestep::audio {

// Does the content look like WAV, RF64, FLAC, Ogg, MP3 or AIFF?
bool is_known_kind(std::span<const std::byte> bytes);

struct ReadLimits {
  int64_t max_channels = 8;
  int64_t min_sample_rate_hz = 4000;
  int64_t max_sample_rate_hz = 768'000;
  // Frames times channels: 1 GiB as float32, 46 minutes of 48 kHz stereo.
  int64_t max_samples = int64_t{1} << 28;
  std::optional<double> max_seconds = {};  // absent: as long as it likes
};

// WAV, RF64, FLAC, Ogg (Vorbis, Opus, FLAC), MP3 and AIFF. The content decides, not the name. A
// file that breaks off early gives what it holds, except an Ogg stream. Throws Error kInput naming
// the file when it cannot be read, is of another kind, exceeds a limit, or has no, NaN or infinite
// samples.
Waveform read_audio(const std::filesystem::path& file, const ReadLimits& limits = {});
// The same from memory; `name` is what messages call it.
Waveform decode_audio(std::span<const std::byte> bytes, const std::string& name,
                      const ReadLimits& limits = {});

// A sound with what is told about the file around it.
struct SoundFile {
  std::string format{};  // "FLAC, 16 bit", "MP3", "Ogg Opus"
  Tags tags{};
  Waveform waveform{};
  // The file ends before its sound does, by what its header states or, for Ogg, lacks.
  bool breaks_off = false;
};
// Errors as read_audio().
SoundFile read_sound_file(const std::filesystem::path& file, const ReadLimits& limits = {});
SoundFile decode_sound_file(std::span<const std::byte> bytes, const std::string& name,
                            const ReadLimits& limits = {});

// A sound file in blocks: however long it is, it takes time but no memory.
class SoundBlocks final {
 public:
  // Limits as above, but for max_samples; errors as read_audio().
  // `name` is what messages call it.
  SoundBlocks(const std::filesystem::path& file, const std::string& name,
              const ReadLimits& limits = {});
  ~SoundBlocks();
  SoundBlocks(const SoundBlocks&) = delete;
  SoundBlocks& operator=(const SoundBlocks&) = delete;

  int64_t sample_rate_hz() const;
  int64_t channels() const;
  // The next frames, at most 65536, their channels side by side; valid until the next call. Empty
  // at the end. Throws Error kInput for samples that are NaN or infinite.
  std::span<const float> next();

 private:
  struct Opened;
  std::unique_ptr<Opened> opened_;
};

// The embedded text; absent fields are empty. Errors as above.
Tags read_tags(const std::filesystem::path& file);
Tags decode_tags(std::span<const std::byte> bytes, const std::string& name);

}  // namespace acestep::audio
