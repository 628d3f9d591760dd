#include "cli/completion.h"

#include <algorithm>

#include "cli/command_line.h"
#include "cli/command_table.h"
#include "cli/help_rows.h"
#include "request/request_fields.h"
#include "request/text.h"

namespace acestep::cli {
namespace {

using request::Field;
using request::FieldType;

void append(std::vector<std::string>& names, const std::vector<std::string>& spellings) {
  for (const std::string& spelling : spellings) names.push_back("--" + spelling);
}

// The first spelling is offered, the rest is understood.
CompletedOption named(const std::vector<std::string>& spellings, char letter) {
  CompletedOption option;
  append(option.others, spellings);
  option.names.push_back(option.others.front());
  option.others.erase(option.others.begin());
  if (letter != 0) option.names.push_back(std::string("-") + letter);
  return option;
}

CompletedOption switched_off(const std::vector<std::string>& names, const std::string& help) {
  CompletedOption option{.help = "off: " + help};
  for (const std::string& name : names) append(option.others, spellings_of_no(name));
  return option;
}

void add_field(std::vector<CompletedOption>& options, const Field& field) {
  std::vector<std::string> names = {field.name};
  names.insert(names.end(), field.aliases.begin(), field.aliases.end());
  CompletedOption option = named(spellings_of(field.name), field.short_name);
  for (const std::string& alias : field.aliases) append(option.others, spellings_of(alias));
  option.help = field.help;
  option.value = value_of(field);
  if (field.type != FieldType::kBool) {
    option.completes =
        field.takes_files ? Completes::kText : completes_as(option.value, field.choices);
    option.choices = field.choices;
    option.repeats = field.type == FieldType::kTextList;
    options.push_back(std::move(option));
    return;
  }
  options.push_back(std::move(option));
  CompletedOption off = switched_off(names, field.help);
  if (default_of(field) == request::Value(true)) {
    off.names.push_back(off.others.front());
    off.others.erase(off.others.begin());
  }
  options.push_back(std::move(off));
}

std::vector<CompletedWord> with_meanings(const std::vector<std::string>& words,
                                         const std::string& before) {
  std::vector<CompletedWord> offered;
  for (const std::string& word : words) {
    const Command* command = find_command(before + word);
    if (command != nullptr && command->is_hidden) continue;
    offered.push_back(
        {word, command != nullptr ? command->summary : request::listed(actions_of(word))});
  }
  return offered;
}

}  // namespace

Completes completes_as(const std::string& value, const std::vector<std::string>& choices) {
  if (value.empty()) return Completes::kNothing;
  if (!choices.empty()) return Completes::kChoice;
  if (value == "FILE" || value == "PATH[:SCALE]") return Completes::kFile;
  return value == "DIR" || value == "MODEL" ? Completes::kFolder : Completes::kAnyWord;
}

std::vector<CompletedOption> own_options(const Command& command) {
  std::vector<CompletedOption> options;
  for (const CommandOption& own : options_of(command)) {
    CompletedOption option = named(spellings_of(own.name), own.short_name);
    option.help = own.help;
    option.value = own.value;
    option.completes = completes_as(own.value, own.choices);
    option.choices = own.choices;
    option.repeats = own.repeats;
    options.push_back(std::move(option));
    if (own.value.empty()) options.push_back(switched_off({own.name}, own.help));
  }
  return options;
}

std::vector<CompletedOption> field_options(const std::vector<const Field*>& fields) {
  std::vector<CompletedOption> options;
  for (const Field* field : fields) add_field(options, *field);
  return options;
}

const std::vector<CompletedOption>& options_for_help() {
  static const std::vector<CompletedOption> options = {
      {.names = {"--help", "-h"}, .help = "the options of the command"},
      {.names = {"--help_all"}, .others = {"--help-all"}, .help = "aliases and variables too"}};
  return options;
}

std::vector<CompletedOption> completed_options(const Command& command) {
  std::vector<CompletedOption> options = own_options(command);
  for (auto& option : field_options(fields_of(command))) options.push_back(std::move(option));
  for (const auto& option : options_for_help()) options.push_back(option);
  return options;
}

std::vector<std::string> names_with_value() {
  std::vector<std::string> names;
  const auto add = [&](const std::vector<CompletedOption>& options) {
    for (const CompletedOption& option : options) {
      if (option.completes == Completes::kNothing) continue;
      names.insert(names.end(), option.names.begin(), option.names.end());
      names.insert(names.end(), option.others.begin(), option.others.end());
    }
  };
  add(field_options(request::supported_fields()));
  for (const Command& command : all_commands()) add(own_options(command));
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::vector<CompletedWord> offered_words() {
  std::vector<CompletedWord> words = with_meanings(command_words(), "");
  words.push_back({"help", "the help of a command"});
  return words;
}

std::vector<CompletedWord> offered_actions(const std::string& word) {
  return with_meanings(actions_of(word), word + " ");
}

std::string in_shell_quotes(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace acestep::cli
