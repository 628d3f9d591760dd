#include "audio/writer.h"

#include <sndfile.h>

#include <algorithm>
#include <memory>

#include "audio/mastering.h"
#include "audio/memory_file.h"
#include "util/error.h"

namespace acestep::audio {
namespace {

using File = std::unique_ptr<SNDFILE, SndfileCloser>;

// RIFF sizes are 32 bit; room is left for the header and the tags.
constexpr int64_t kMaxWavDataBytes = (int64_t{1} << 32) - (int64_t{1} << 20);
constexpr std::size_t kMaxWavCommentBytes = 2000;
constexpr std::size_t kMaxFlacCommentBytes = std::size_t{1} << 20;

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
  }
  throw Error(ErrorCode::kInternal, "unknown audio file format");
}

int64_t bytes_per_sample(FileFormat format) {
  switch (format) {
    case FileFormat::kWav16:
    case FileFormat::kFlac16:
      return 2;
    case FileFormat::kWav24:
      return 3;
    case FileFormat::kWav32Float:
      return 4;
  }
  throw Error(ErrorCode::kInternal, "unknown audio file format");
}

[[noreturn]] void fail(const std::string& what) {
  throw Error(ErrorCode::kOutput, "audio file: " + what, "try another --audio_format");
}

void check_arguments(const Waveform& waveform, FileFormat format, const Tags& tags) {
  ACE_CHECK(waveform.channels >= 1 && waveform.frames() >= 1);
  require_finite(waveform, "audio file");
  const std::size_t longest = max_comment_bytes(format);
  if (tags.comment.size() > longest) {
    fail("the comment has " + std::to_string(tags.comment.size()) + " bytes, at most " +
         std::to_string(longest) + " fit into this format");
  }
  const auto samples = static_cast<int64_t>(waveform.samples.size());
  if (format != FileFormat::kFlac16 && samples > kMaxWavDataBytes / bytes_per_sample(format)) {
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

void set_tag(SNDFILE* file, int kind, const std::string& text) {
  if (text.empty()) return;
  if (const int code = sf_set_string(file, kind, text.c_str()); code != 0) {
    fail(std::string("cannot hold a tag: ") + sf_error_number(code));
  }
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

}  // namespace

std::string_view file_extension(FileFormat format) {
  return format == FileFormat::kFlac16 ? "flac" : "wav";
}

std::size_t max_comment_bytes(FileFormat format) {
  return format == FileFormat::kFlac16 ? kMaxFlacCommentBytes : kMaxWavCommentBytes;
}

std::vector<std::byte> encode_audio(const Waveform& waveform, FileFormat format, const Tags& tags) {
  check_arguments(waveform, format, tags);
  OutputBytes output;
  File file = open_for_writing(output, waveform, format);
  sf_command(file.get(), SFC_SET_CLIPPING, nullptr, SF_TRUE);
  // The PEAK chunk of float files carries the time of writing: equal songs would differ.
  sf_command(file.get(), SFC_SET_ADD_PEAK_CHUNK, nullptr, SF_FALSE);
  set_tag(file.get(), SF_STR_TITLE, tags.title);
  set_tag(file.get(), SF_STR_SOFTWARE, tags.software);
  set_tag(file.get(), SF_STR_COMMENT, tags.comment);
  write_samples(file.get(), waveform);
  // Closing completes the header, so its failure counts.
  if (const int code = sf_close(file.release()); code != 0) {
    fail(std::string("closing failed: ") + sf_error_number(code));
  }
  return std::move(output.bytes);
}

void write_audio(const std::filesystem::path& target, const Waveform& waveform, FileFormat format,
                 const Tags& tags, util::Existing existing) {
  const std::vector<std::byte> bytes = encode_audio(waveform, format, tags);
  util::AtomicFile file(target, existing);
  file.write(bytes);
  file.commit();
}

}  // namespace acestep::audio
