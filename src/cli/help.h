// --help and --help-all, written from the table of commands and the table of fields.
#pragma once

#include <string>

namespace acestep::cli {

enum class HelpDetail { kUsual, kAll };

// The commands and a few examples; kAll: the help of every command as well, and exit codes.
std::string help_overview(HelpDetail detail);

// Of one command ("generate", "models download") or of all commands of a word ("models"); anything
// else gets the overview. kAll adds aliases and environment variables.
std::string help_for(const std::string& command, HelpDetail detail);

}  // namespace acestep::cli
