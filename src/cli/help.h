// --help, --help-all and docs/CLI.md, all written from the field table.
#pragma once

#include <string>

namespace acestep::cli {

enum class HelpDetail { kUsual, kAll };

// kAll adds aliases, environment variables, keys without effect and exit codes.
std::string help_text(HelpDetail detail);

// Of one command; generate's is help_text().
std::string help_for(const std::string& command, HelpDetail detail);

// docs/CLI.md, byte for byte.
std::string help_markdown();

}  // namespace acestep::cli
