#include "cli/command_table.h"

#include <algorithm>
#include <utility>

#include "cli/commands.h"
#include "request/request_fields.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

std::vector<Command> build_table() {
  std::vector<Command> table = {generate_command(), batch_command(), create_sample_command(),
                                format_sample_command(), understand_command()};
  for (Command& command : codes_commands()) table.push_back(std::move(command));
  for (Command& command : codec_commands()) table.push_back(std::move(command));
  for (Command& command : models_commands()) table.push_back(std::move(command));
  for (Command& command : adapters_commands()) table.push_back(std::move(command));
  table.push_back(quantize_command());
  table.push_back(inspect_command());
  table.push_back(lrc_command());
  table.push_back(score_command());
  table.push_back(doctor_command());
  table.push_back(selftest_command());
  table.push_back(gpu_command());
  table.push_back(tiers_command());
  table.push_back(tier_test_command());
  table.push_back(bench_command());
  table.push_back(profile_command());
  for (Command& command : config_commands()) table.push_back(std::move(command));
  table.push_back(version_command());
  for (Command& command : generated_text_commands()) table.push_back(std::move(command));
  for (const Command& command : table) ACE_CHECK(command.run != nullptr);
  return table;
}

bool contains(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

}  // namespace

const std::vector<Command>& all_commands() {
  static const std::vector<Command> table = build_table();
  return table;
}

const Command* find_command(std::string_view name) {
  for (const Command& command : all_commands()) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

std::vector<std::string> command_words() {
  std::vector<std::string> words;
  for (const Command& command : all_commands()) {
    const std::string word = command.name.substr(0, command.name.find(' '));
    if (!contains(words, word)) words.push_back(word);
  }
  return words;
}

std::vector<std::string> actions_of(const std::string& word) {
  std::vector<std::string> actions;
  for (const Command& command : all_commands()) {
    if (command.name.starts_with(word + " ")) {
      actions.push_back(command.name.substr(word.size() + 1));
    }
  }
  return actions;
}

const std::vector<CommandOption>& request_file_options() {
  static const std::vector<CommandOption> options = {
      {.name = "config",
       .value = "FILE",
       .help = "request file, TOML or JSON with the options' names; repeatable, later wins; - is "
               "standard input. The NAME.json beside a song makes it again",
       .short_name = 'c',
       .repeats = true},
      {.name = "env_file",
       .value = "FILE",
       .help = "file of NAME=VALUE lines for variables that the environment leaves unset; "
               "repeatable, later wins; a .env beside a --config file is read before them",
       .repeats = true},
  };
  return options;
}

std::vector<CommandOption> options_of(const Command& command) {
  std::vector<CommandOption> options = command.options;
  if (!command.takes_request) return options;
  const auto& files = request_file_options();
  options.insert(options.begin(), files.begin(), files.end());
  return options;
}

std::vector<const request::Field*> fields_of(const Command& command) {
  const std::vector<std::string> log_fields = log_field_names();
  std::vector<const request::Field*> fields;
  for (const request::Field* field : request::supported_fields()) {
    const bool is_taken = command.takes_request || contains(command.fields, field->name) ||
                          contains(log_fields, field->name);
    if (is_taken) fields.push_back(field);
  }
  return fields;
}

}  // namespace acestep::cli
