// The words about commands and options that help, docs/CLI.md, the man page and completion share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"
#include "request/field.h"

namespace acestep::cli {

// One option or argument.
struct HelpRow {
  std::string names = {};  // "-d, --duration", "--[no-]thinking", "FILE"
  std::string value = {};  // what stands for its value: "N"; "" for switches and arguments
  std::string help = {};
  std::string allowed = {};            // "10 … 600", "ode, sde"; "" where help says it
  std::string fallback = {};           // "0.85", "on", "left to the language model"; may be empty
  std::vector<std::string> also = {};  // aliases and environment variables
};

HelpRow row_of(const CommandOption& option);
HelpRow row_of(const CommandArgument& argument);

struct HelpSection {
  std::string title;  // "Sampling"
  std::vector<HelpRow> rows;
};

// Arguments, own options, then the fields it takes, by group.
std::vector<HelpSection> sections_of(const Command& command);

// The same for a manual of all commands, where generate alone tells the fields that it shares with
// commands that take a request, and the log's options that every command has.
std::vector<HelpSection> manual_sections_of(const Command& command);

// What manual_sections_of() leaves out, in a sentence; "" for nothing.
std::string manual_note_of(const Command& command);

// "acestep models download [NAME…] [options]"
std::string usage_of(const Command& command);

// "A song from words."
std::string sentence_of(const Command& command);

// What stands for the field's value: "N", "FILE"; "" for a switch.
std::string value_of(const request::Field& field);

// "ACESTEP_DEVICE", the reference's own name first.
std::vector<std::string> environment_names(const request::Field& field);

struct ExitCodeRow {
  int code;
  std::string_view meaning;
};
const std::vector<ExitCodeRow>& exit_code_rows();

// The options that every command has.
const HelpSection& help_options();

}  // namespace acestep::cli
