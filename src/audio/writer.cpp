#include "audio/writer.h"

#include <sndfile.h>

#include <algorithm>
#include <memory>
#include <string>

#include "audio/id3_tag.h"
#include "audio/mastering.h"
#include "audio/memory_file.h"
#include "audio/ogg_serial.h"
#include "audio/resample.h"
#include "util/error.h"

namespace acestep::audio {
namespace {

using File = std::unique_ptr<SNDFILE, SndfileCloser>;

// RIFF sizes are 32 bit; room is left for the header and the tags.
constexpr int64_t kMaxWavDataBytes = (int64_t{1} << 32) - (int64_t{1} << 20);

int sndfile_format(FileFormat format) {
  switch (format) {
    case FileFormat::kWav16:
      return SF_FORMAT_WAV | SF_FORMAT_PCM_16;
    case FileFormat::kWav24:
      return SF_FORMAT_WAV | SF_FORMAT_PCM_24;
    case FileFormat::kWav32Float:
      return SF_FORMAT_WAV | SF_FORMAT_FLOAT;
    case FileFormat::kFlac16:
      return SF_FORMAT_FLAC | SF_FORMAT_PCM_16;
    case FileFormat::kMp3:
      return SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III;
    case FileFormat::kOggOpus:
      return SF_FORMAT_OGG | SF_FORMAT_OPUS;
    case FileFormat::kOggVorbis:
      return SF_FORMAT_OGG | SF_FORMAT_VORBIS;
  }
  throw Error(ErrorCode::kInternal, "unknown audio file format");
}

[[noreturn]] void fail(const std::string& what) {
  throw Error(ErrorCode::kOutput, "audio file: " + what, "try another --audio_format");
}

void check_arguments(const Waveform& waveform, const Encoding& encoding, const Tags& tags) {
  ACE_CHECK(waveform.channels >= 1 && waveform.frames() >= 1);
  require_finite(waveform, "audio file");
  require_possible(waveform, encoding);
  const std::size_t longest = max_comment_bytes(encoding.format);
  if (tags.comment.size() > longest) {
    fail("the comment has " + std::to_string(tags.comment.size()) + " bytes, at most " +
         std::to_string(longest) + " fit into this format");
  }
  const int64_t sample_bytes = wav_bytes_per_sample(encoding.format);
  const auto samples = static_cast<int64_t>(waveform.samples.size());
  if (sample_bytes != 0 && samples > kMaxWavDataBytes / sample_bytes) {
    fail(std::to_string(waveform.seconds()) + " seconds do not fit into the 4 GiB of a WAV file");
  }
}

File open_for_writing(OutputBytes& output, const Waveform& waveform, FileFormat format) {
  SF_INFO info{};
  info.samplerate = static_cast<int>(waveform.sample_rate_hz);
  info.channels = static_cast<int>(waveform.channels);
  info.format = sndfile_format(format);
  SF_VIRTUAL_IO callbacks = output_callbacks();
  File file(sf_open_virtual(&callbacks, SFM_WRITE, &info, &output));
  if (!file) fail(std::string("cannot be started: ") + sf_strerror(nullptr));
  return file;
}

// libsndfile maps its compression level 0 … 1 to 320 … 32 kbit/s.
void set_constant_bitrate(SNDFILE* file, int64_t kbps) {
  constexpr double kHighestKbps = 320.0;
  constexpr double kLowestKbps = 32.0;
  double level = (kHighestKbps - static_cast<double>(kbps)) / (kHighestKbps - kLowestKbps);
  int mode = SF_BITRATE_MODE_CONSTANT;
  // Version 1.2.0 sets the mode and reports failure: ask for what it is instead.
  sf_command(file, SFC_SET_BITRATE_MODE, &mode, sizeof(mode));
  if (sf_command(file, SFC_GET_BITRATE_MODE, nullptr, 0) != mode ||
      sf_command(file, SFC_SET_COMPRESSION_LEVEL, &level, sizeof(level)) != SF_TRUE) {
    fail("the MP3 encoder refuses " + std::to_string(kbps) + " kbit/s");
  }
}

void set_options(SNDFILE* file, const Encoding& encoding) {
  sf_command(file, SFC_SET_CLIPPING, nullptr, SF_TRUE);
  // The PEAK chunk of float files carries the time of writing: equal songs would differ.
  sf_command(file, SFC_SET_ADD_PEAK_CHUNK, nullptr, SF_FALSE);
  if (encoding.format == FileFormat::kMp3) set_constant_bitrate(file, encoding.mp3_bitrate_kbps);
}

void set_tag(SNDFILE* file, int kind, const std::string& text) {
  if (text.empty()) return;
  if (const int code = sf_set_string(file, kind, text.c_str()); code != 0) {
    fail(std::string("cannot hold a tag: ") + sf_error_number(code));
  }
}

void set_tags(SNDFILE* file, const Tags& tags) {
  set_tag(file, SF_STR_TITLE, tags.title);
  set_tag(file, SF_STR_SOFTWARE, tags.software);
  set_tag(file, SF_STR_COMMENT, tags.comment);
}

void write_samples(SNDFILE* file, const Waveform& waveform) {
  constexpr int64_t kBlockFrames = 4096;
  std::vector<float> interleaved(static_cast<std::size_t>(kBlockFrames * waveform.channels));
  for (int64_t start = 0; start < waveform.frames(); start += kBlockFrames) {
    const int64_t count = std::min(kBlockFrames, waveform.frames() - start);
    for (int64_t c = 0; c < waveform.channels; ++c) {
      const auto channel = waveform.channel(c);
      for (int64_t i = 0; i < count; ++i) {
        interleaved[static_cast<std::size_t>(i * waveform.channels + c)] =
            channel[static_cast<std::size_t>(start + i)];
      }
    }
    if (sf_writef_float(file, interleaved.data(), count) != count) {
      fail(std::string("writing failed: ") + sf_strerror(file));
    }
  }
}

std::vector<std::byte> encode_by_sndfile(const Waveform& waveform, const Encoding& encoding,
                                         const Tags& tags) {
  OutputBytes output;
  File file = open_for_writing(output, waveform, encoding.format);
  set_options(file.get(), encoding);
  set_tags(file.get(), tags);
  write_samples(file.get(), waveform);
  // Closing completes the header, so its failure counts.
  if (const int code = sf_close(file.release()); code != 0) {
    fail(std::string("closing failed: ") + sf_error_number(code));
  }
  return std::move(output.bytes);
}

// The tag goes in front: libsndfile's own would be Latin-1.
std::vector<std::byte> encode_mp3(const Waveform& waveform, const Encoding& encoding,
                                  const Tags& tags) {
  std::vector<std::byte> file = make_id3_tag(tags);
  const std::vector<std::byte> frames = encode_by_sndfile(waveform, encoding, {});
  file.insert(file.end(), frames.begin(), frames.end());
  return file;
}

std::vector<std::byte> encode_in_format(const Waveform& waveform, const Encoding& encoding,
                                        const Tags& tags) {
  if (encoding.format == FileFormat::kMp3) return encode_mp3(waveform, encoding, tags);
  std::vector<std::byte> bytes = encode_by_sndfile(waveform, encoding, tags);
  const bool is_ogg =
      encoding.format == FileFormat::kOggOpus || encoding.format == FileFormat::kOggVorbis;
  if (is_ogg) fix_ogg_serial(bytes);
  return bytes;
}

}  // namespace

std::vector<std::byte> encode_audio(const Waveform& waveform, const Encoding& encoding,
                                    const Tags& tags) {
  check_arguments(waveform, encoding, tags);
  const int64_t rate_hz = file_rate_hz(waveform, encoding);
  if (rate_hz == waveform.sample_rate_hz) return encode_in_format(waveform, encoding, tags);
  return encode_in_format(resample(waveform, rate_hz), encoding, tags);
}

std::string encoder_name() { return sf_version_string(); }

bool can_write(FileFormat format) {
  SF_INFO info{};
  info.samplerate = 48000;
  info.channels = 2;
  info.format = sndfile_format(format);
  return sf_format_check(&info) == SF_TRUE;
}

void write_audio(const std::filesystem::path& target, const Waveform& waveform,
                 const Encoding& encoding, const Tags& tags, util::Existing existing) {
  const std::vector<std::byte> bytes = encode_audio(waveform, encoding, tags);
  util::AtomicFile file(target, existing);
  file.write(bytes);
  file.commit();
}

}  // namespace acestep::audio
