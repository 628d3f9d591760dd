// All commands of the program, in the order of help.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"

namespace acestep::cli {

const std::vector<Command>& all_commands();

// Null: there is none of that name.
const Command* find_command(std::string_view name);

// The first words: "generate", "models", …, each once; hidden ones too.
std::vector<std::string> command_words();

// "list", "info", … of "models"; empty for commands of one word.
std::vector<std::string> actions_of(const std::string& word);

// --config and --env_file, which every command that takes a request has.
const std::vector<CommandOption>& request_file_options();

// What the command takes besides fields: its own options, and those above if it takes a request.
std::vector<CommandOption> options_of(const Command& command);

// The fields of the request's table that are options of the command, in the table's order.
std::vector<const request::Field*> fields_of(const Command& command);

}  // namespace acestep::cli
