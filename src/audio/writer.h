// Writes a finished song as WAV or FLAC, with what made it embedded as text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "audio/waveform.h"
#include "util/atomic_file.h"

namespace acestep::audio {

// 16- and 24-bit samples are clipped to full scale; 32-bit float samples are stored as they are.
enum class FileFormat { kWav16, kWav24, kWav32Float, kFlac16 };

// "wav" for the three WAV formats, "flac".
std::string_view file_extension(FileFormat format);

// UTF-8, without NUL. Empty fields are not written.
struct Tags {
  std::string title{};
  std::string software{};  // libsndfile appends its own name and version
  std::string comment{};   // the record of how the song was made
};

// Longest comment that readers still find: libsndfile reads back 2045 bytes from a WAV, 1 MB from a
// FLAC.
std::size_t max_comment_bytes(FileFormat format);

// The complete file in memory; the same bytes for the same arguments. The waveform must have
// frames. Throws Error kRejected for NaN or infinite samples, Error kOutput when the comment is too
// long, the file would exceed the format's size, or the encoder fails.
std::vector<std::byte> encode_audio(const Waveform& waveform, FileFormat format, const Tags& tags);

// Encodes first, then writes the whole file at once under its name. Errors as above, and Error
// kOutput naming `target` when it exists and must stay, or cannot be written.
void write_audio(const std::filesystem::path& target, const Waveform& waveform, FileFormat format,
                 const Tags& tags, util::Existing existing = util::Existing::kRefuse);

}  // namespace acestep::audio
