// Texts that stand elsewhere: @FILE, standard input, or a file named in place of the lyrics.
#pragma once

#include <string>

#include "request/layer.h"

namespace acestep::cli {

// Standard input can be read once; a second wish for it is an error.
class StandardInput final {
 public:
  // wanted_by: an option's name, for the message. Throws Error kUsage when it is already taken,
  // kInput when it is too long.
  std::string take(const std::string& wanted_by);

 private:
  std::string taken_by_;
};

// True for texts that read_texts() would replace: "@FILE", "-" and, for lyrics, an existing file.
bool stands_for_file(const std::string& field, const std::string& text);

// Replaces "@FILE", "-" and, for lyrics, the name of an existing file by what stands there, in all
// fields that take files. Throws Error kInput for files that cannot be read, kUsage for bad UTF-8.
void read_texts(request::Layer& layer, StandardInput& standard_input);

}  // namespace acestep::cli
