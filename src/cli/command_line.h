// Arguments become a command and what it is called with; spelling mistakes become helpful errors.
#pragma once

#include <string>
#include <vector>

#include "cli/command.h"

namespace acestep::cli {

struct CommandLine {
  std::string command = "generate";  // as typed: "models download"; "generate" for options alone
  std::vector<std::string> arguments;
};

// Options may stand before and after the command.
CommandLine split_command(const std::vector<std::string>& arguments);

// Both spellings of a long option: {"use_cot_metas", "use-cot-metas"} or {"bpm"}.
std::vector<std::string> spellings_of(const std::string& name);

// How a switch is turned off: {"no-use_cot_metas", "no_use_cot_metas", "no-use-cot-metas"}.
std::vector<std::string> spellings_of_no(const std::string& name);

// Throws Error kUsage for everything the command does not take, with the nearest option in the
// hint, and for missing or surplus arguments.
CommandCall parse_call(const Command& command, const std::vector<std::string>& arguments,
                       const Surroundings& surroundings);

}  // namespace acestep::cli
