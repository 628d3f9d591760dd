// Arguments become a command and a layer of settings; spelling mistakes become helpful errors.
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "request/findings.h"
#include "request/layer.h"

namespace acestep::cli {

struct CommandLine {
  std::string command;  // "generate" when only options are given
  std::vector<std::string> arguments;
};

// Options may stand before and after the command.
CommandLine split_command(const std::vector<std::string>& arguments);

std::vector<std::string> command_names();

// Both spellings of a long option: {"use_cot_metas", "use-cot-metas"} or {"bpm"}.
std::vector<std::string> spellings_of(const std::string& name);

// Lets the app read the arguments. Throws Error kUsage for everything it does not understand, with
// the nearest option in the hint.
void parse(CLI::App& app, const std::vector<std::string>& arguments);

struct GenerateOptions {
  request::Layer layer;                   // source "cli"
  std::vector<std::string> config_files;  // in order; "-" is standard input
};

// Every option of the field table plus -c/--config. Values that do not fit become problems.
GenerateOptions parse_generate_options(const std::vector<std::string>& arguments,
                                       request::Findings& findings);

}  // namespace acestep::cli
