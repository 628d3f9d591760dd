// Writes a finished song as an audio file, with what made it embedded as text.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "audio/encoding.h"
#include "audio/tags.h"
#include "audio/waveform.h"
#include "util/atomic_file.h"

namespace acestep::audio {

// The complete file in memory; the same bytes for the same arguments. The waveform must have
// frames. Throws Error kRejected for NaN or infinite samples, Error kUsage for what the format
// cannot have, Error kOutput when the comment is too long, the file would exceed the format's size,
// or the encoder fails.
std::vector<std::byte> encode_audio(const Waveform& waveform, const Encoding& encoding,
                                    const Tags& tags);

// "libsndfile-1.2.0", and whether it was built with what the format needs.
std::string encoder_name();
bool can_write(FileFormat format);

// Encodes first, then writes the whole file at once under its name. Errors as above, and Error
// kOutput naming `target` when it exists and must stay, or cannot be written.
void write_audio(const std::filesystem::path& target, const Waveform& waveform,
                 const Encoding& encoding, const Tags& tags,
                 util::Existing existing = util::Existing::kRefuse);

}  // namespace acestep::audio
