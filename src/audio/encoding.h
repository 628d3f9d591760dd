// The audio file formats a song can be written in, and what each of them holds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "audio/waveform.h"

namespace acestep::audio {

// 16- and 24-bit samples are clipped to full scale; 32-bit float samples are stored as they are.
// The lossy formats are encoded from the float samples.
enum class FileFormat { kWav16, kWav24, kWav32Float, kFlac16, kMp3, kOggOpus, kOggVorbis };

// How a file is encoded.
struct Encoding {
  FileFormat format = FileFormat::kFlac16;
  // Of an MP3, constant over the file: 128, 192, 256 or 320 (reference: audio_utils.py).
  int64_t mp3_bitrate_kbps = 128;
  // The waveform is resampled to it; 0 keeps the waveform's own. An MP3 has 44100 or 48000, an Opus
  // file 48000.
  int64_t sample_rate_hz = 0;
};

// "wav" for the three WAV formats, "flac", "mp3", "opus" and, for Vorbis, "ogg".
std::string_view file_extension(FileFormat format);

// Longest comment that readers still find: libsndfile reads back 2045 bytes from a WAV, opens an
// Opus file with 51 200 bytes; the others are known to hold 1 MB.
std::size_t max_comment_bytes(FileFormat format);

// Size of an uncompressed sample; 0 for FLAC and the lossy formats.
int64_t wav_bytes_per_sample(FileFormat format);

// Rate and frames of the file that `waveform` becomes.
int64_t file_rate_hz(const Waveform& waveform, const Encoding& encoding);
int64_t file_frames(const Waveform& waveform, const Encoding& encoding);

// Throws Error kUsage when the format cannot have this bitrate, rate or number of channels.
void require_possible(const Waveform& waveform, const Encoding& encoding);

}  // namespace acestep::audio
