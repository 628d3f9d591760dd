// docs/CLI.md, written from the table of commands and the table of fields.
#pragma once

#include <string>

namespace acestep::cli {

// The file, byte for byte.
std::string help_markdown();

}  // namespace acestep::cli
