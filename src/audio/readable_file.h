// Sound files of kinds that are not read here, through a program that the user names.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "util/argument_vector.h"
#include "util/temp_folder.h"

namespace acestep::audio {

struct DecoderCall {
  // Writes the file named in the place of "{}" as WAV to its standard output; empty: there is none.
  util::ArgumentVector command;
  std::function<void()> check_stop = {};  // asked while it runs; what it throws ends the decoder
};

// A file that read_audio() and SoundBlocks can read: the given one, or a WAV file that the decoder
// made from it and that is gone with this object.
class ReadableFile final {
 public:
  // The decoder is run for what is none of the kinds that are read here. Throws Error kInput naming
  // the file when that is missing; when there is no decoder, saying how to name one; and when the
  // decoder cannot be started, fails (with its last words), writes nothing or more than 4 GiB.
  explicit ReadableFile(std::filesystem::path file, const DecoderCall& decoder = {});

  const std::filesystem::path& path() const { return path_; }
  // For messages: the file as given.
  const std::string& name() const { return name_; }

 private:
  void decode(const DecoderCall& decoder);

  std::filesystem::path path_;
  std::string name_;
  std::optional<util::TempFolder> folder_;
};

}  // namespace acestep::audio
