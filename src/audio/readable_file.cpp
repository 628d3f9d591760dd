#include "audio/readable_file.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "audio/reader.h"
#include "util/child_process.h"
#include "util/error.h"
#include "util/mapped_file.h"

namespace acestep::audio {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kMostBytes = uint64_t{4} << 30U;  // what a WAV file can hold

bool is_read_here(const fs::path& file) {
  const util::MappedFile mapped(file, ErrorCode::kInput);
  return mapped.bytes().empty() || is_known_kind(mapped.bytes());
}

// The end of what a program complained about, on one line.
std::string last_words(const fs::path& file) {
  constexpr std::size_t kMost = 400;
  std::ifstream stream(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (text.size() > kMost) text.erase(0, text.size() - kMost);
  for (char& c : text) {
    const bool is_printable = c >= ' ' && c <= '~';
    if (!is_printable) c = ' ';
  }
  const std::size_t last = text.find_last_not_of(' ');
  text.resize(last == std::string::npos ? 0 : last + 1);
  text.erase(0, std::min(text.find_first_not_of(' '), text.size()));
  return text.empty() ? "it said nothing" : "it said: " + text;
}

std::string how_it_ended(const util::ChildEnd& end) {
  return end.signal != 0 ? "was ended by signal " + std::to_string(end.signal)
                         : "failed with exit code " + std::to_string(end.exit_code);
}

}  // namespace

ReadableFile::ReadableFile(fs::path file, const DecoderCall& decoder)
    : path_(std::move(file)), name_(path_.string()) {
  if (!decoder.command.empty() && !is_read_here(path_)) decode(decoder);
}

void ReadableFile::decode(const DecoderCall& decoder) {
  const std::string& program = decoder.command.front();
  folder_.emplace("acestep-decoder");
  // A name that begins with a dash is no option of the decoder's.
  const std::string source = fs::absolute(path_).string();
  const util::ChildCall call{.program = program,
                             .arguments = util::with_file(decoder.command, source),
                             .environment = util::environment_without({}),
                             .output = folder_->path() / "sound.wav",
                             .errors = folder_->path() / "errors.txt",
                             .most_output_bytes = kMostBytes,
                             .blame = ErrorCode::kInput};
  const util::ChildEnd end = util::run_child(call, decoder.check_stop);
  const auto fail = [&](const std::string& what) {
    throw Error(ErrorCode::kInput,
                name_ + ": the decoder " + program + " " + what + "; " + last_words(call.errors),
                "run it by hand to see why, or convert the file to FLAC or WAV");
  };
  if (end.signal != 0 || end.exit_code != 0) fail(how_it_ended(end));
  std::error_code unknown;
  if (fs::file_size(call.output, unknown) == 0) fail("wrote no sound to its standard output");
  path_ = call.output;
}

}  // namespace acestep::audio
