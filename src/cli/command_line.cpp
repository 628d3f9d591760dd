#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <utility>

#include "cli/command_table.h"
#include "request/nearest.h"
#include "request/request_fields.h"
#include "request/text.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

using request::Field;
using request::FieldSupport;
using request::FieldType;

bool is_option(const std::string& word) { return word.size() > 1 && word.front() == '-'; }

bool takes_value(const Field& field) {
  return field.support == FieldSupport::kNow && field.type != FieldType::kBool;
}

// Does any command have an option of which `is_it` is true, and that takes a value?
template <typename IsIt>
bool any_command_option_takes_value(IsIt is_it) {
  for (const Command& command : all_commands()) {
    for (const CommandOption& option : options_of(command)) {
      if (is_it(option)) return !option.value.empty();
    }
  }
  return false;
}

bool letter_takes_value(char letter) {
  for (const Field& field : request::all_fields()) {
    if (field.short_name == letter) return takes_value(field);
  }
  return any_command_option_takes_value(
      [&](const CommandOption& option) { return option.short_name == letter; });
}

bool name_takes_value(std::string name) {
  if (const Field* field = request::find_field(name)) return takes_value(*field);
  std::replace(name.begin(), name.end(), '-', '_');
  return any_command_option_takes_value(
      [&](const CommandOption& option) { return option.name == name; });
}

// True when the next argument belongs to this option: "--bpm" but not "--bpm=90" or "-b2".
bool takes_next(const std::string& word) {
  if (word.starts_with("--")) {
    return word.find('=') == std::string::npos && name_takes_value(word.substr(2));
  }
  for (size_t i = 1; i < word.size(); ++i) {
    if (letter_takes_value(word[i])) return i + 1 == word.size();
  }
  return false;
}

// The first word from `begin` on that is neither an option nor an option's value.
size_t next_plain_word(const std::vector<std::string>& words, size_t begin) {
  size_t i = begin;
  while (i < words.size() && is_option(words[i])) i += takes_next(words[i]) ? 2 : 1;
  return std::min(i, words.size());
}

void add_spellings(std::vector<std::string>& names, const std::string& name, bool is_switch) {
  for (const std::string& spelling : spellings_of(name)) {
    names.push_back("--" + spelling);
  }
  if (!is_switch) return;
  for (const std::string& spelling : spellings_of_no(name)) names.push_back("!--" + spelling);
}

CLI::Option* add(CLI::App& app, std::vector<std::string> names, char letter, bool is_switch) {
  if (letter != 0) names.push_back(std::string("-") + letter);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  const std::string list = request::join(names, ",");
  return is_switch ? app.add_flag(list) : app.add_option(list);
}

bool may_repeat(const Field& field) { return field.type == FieldType::kTextList; }

CLI::Option* add_field(CLI::App& app, const Field& field) {
  const bool is_switch = field.type == FieldType::kBool;
  std::vector<std::string> names;
  add_spellings(names, field.name, is_switch);
  for (const std::string& alias : field.aliases) add_spellings(names, alias, is_switch);
  CLI::Option* added = add(app, std::move(names), field.short_name, is_switch);
  if (!is_switch) added->expected(1);
  return added->multi_option_policy(may_repeat(field) ? CLI::MultiOptionPolicy::TakeAll
                                                      : CLI::MultiOptionPolicy::TakeLast);
}

CLI::Option* add_option(CLI::App& app, const CommandOption& option) {
  const bool is_switch = option.value.empty();
  std::vector<std::string> names;
  add_spellings(names, option.name, is_switch);
  CLI::Option* added = add(app, std::move(names), option.short_name, is_switch);
  if (!is_switch) added->expected(1);
  return added->multi_option_policy(option.repeats ? CLI::MultiOptionPolicy::TakeAll
                                                   : CLI::MultiOptionPolicy::TakeLast);
}

// "--stepps=9" -> "stepps"
std::string name_in(const std::string& word) {
  const size_t begin = word.find_first_not_of('-');
  if (begin == std::string::npos) return word;
  return word.substr(begin, word.find('=') - begin);
}

[[noreturn]] void refuse_option(const CLI::App& app, const Command& command,
                                const std::string& word) {
  const std::string help = "acestep " + command.name + " --help lists the options";
  const Field* known = request::find_field(name_in(word));
  if (known != nullptr && known->support == FieldSupport::kLater) {
    throw Error(ErrorCode::kUsage, "option --" + name_in(word) + " is not supported yet");
  }
  if (known != nullptr && known->support == FieldSupport::kNow) {
    throw Error(ErrorCode::kUsage,
                "option --" + name_in(word) + " is not one of 'acestep " + command.name + "'",
                help);
  }
  std::vector<std::string> options;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& spelling : option->get_lnames()) options.push_back(spelling);
  }
  const auto near = request::nearest_name(name_in(word), options);
  throw Error(ErrorCode::kUsage, "unknown option " + request::in_quotes(word),
              near ? "did you mean '--" + *near + "'?" : help);
}

size_t most_arguments(const Command& command) {
  const bool is_open = !command.arguments.empty() && command.arguments.back().repeats;
  return is_open ? SIZE_MAX : command.arguments.size();
}

void check_choice(const CommandArgument& argument, const std::string& text) {
  const auto& choices = argument.choices;
  if (choices.empty() || std::find(choices.begin(), choices.end(), text) != choices.end()) return;
  throw Error(ErrorCode::kUsage, argument.name + " = " + request::in_quotes(text) + ": " +
                                     request::allowed_choices(text, choices));
}

void take_arguments(const CLI::App& app, CommandCall& call) {
  const Command& command = call.command();
  const std::vector<std::string> rest = app.remaining();
  const auto option = std::find_if(rest.begin(), rest.end(), is_option);
  if (option != rest.end()) refuse_option(app, command, *option);
  if (rest.size() > most_arguments(command)) {
    throw Error(ErrorCode::kUsage,
                "unexpected argument " + request::in_quotes(rest[most_arguments(command)]),
                command.takes_request
                    ? "values follow an option, such as --caption TEXT or --config FILE"
                    : "acestep " + command.name + " --help shows what it takes");
  }
  for (size_t i = rest.size(); i < command.arguments.size(); ++i) {
    const CommandArgument& missing = command.arguments[i];
    if (!missing.is_required) continue;
    throw Error(ErrorCode::kUsage, command.name + ": " + missing.name + " is missing",
                missing.help.empty() ? std::string() : missing.name + ": " + missing.help);
  }
  for (size_t i = 0; i < rest.size(); ++i) {
    check_choice(command.arguments[std::min(i, command.arguments.size() - 1)], rest[i]);
    call.add_argument(rest[i]);
  }
}

void read(CLI::App& app, const Command& command, const std::vector<std::string>& arguments) {
  app.set_help_flag();
  app.allow_extras();
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // as CLI11 wants it
    app.parse(std::move(reversed));
  } catch (const CLI::ParseError& error) {
    throw Error(ErrorCode::kUsage, error.what(),
                "acestep " + command.name + " --help lists the options");
  }
}

}  // namespace

std::vector<std::string> spellings_of(const std::string& name) {
  std::string dashed = name;
  std::replace(dashed.begin(), dashed.end(), '_', '-');
  if (dashed == name) return {name};
  return {name, dashed};
}

std::vector<std::string> spellings_of_no(const std::string& name) {
  std::vector<std::string> spellings = {"no-" + name};
  for (const std::string& spelling : spellings_of("no_" + name)) {
    if (spelling != spellings.front()) spellings.push_back(spelling);
  }
  return spellings;
}

CommandLine split_command(const std::vector<std::string>& arguments) {
  CommandLine line{.arguments = arguments};
  auto& words = line.arguments;
  const auto take = [&](size_t index) {
    std::string word = words[index];
    words.erase(words.begin() + static_cast<std::ptrdiff_t>(index));
    return word;
  };
  const size_t first = next_plain_word(words, 0);
  if (first == words.size()) return line;
  const std::vector<std::string> commands = command_words();
  const bool is_command = words[first] == "help" || std::find(commands.begin(), commands.end(),
                                                              words[first]) != commands.end();
  // A later word that is no command is left for parse_call() to explain.
  if (!is_command && first > 0) return line;
  line.command = take(first);
  if (actions_of(line.command).empty()) return line;
  const size_t second = next_plain_word(words, first);
  if (second < words.size()) line.command += " " + take(second);
  return line;
}

CommandCall parse_call(const Command& command, const std::vector<std::string>& arguments,
                       const Surroundings& surroundings) {
  CLI::App app;
  std::vector<std::pair<const Field*, CLI::Option*>> fields;
  for (const Field* field : fields_of(command)) fields.emplace_back(field, add_field(app, *field));
  std::vector<std::pair<CommandOption, CLI::Option*>> options;
  for (const CommandOption& option : options_of(command)) {
    options.emplace_back(option, add_option(app, option));
  }
  read(app, command, arguments);
  CommandCall call(command, surroundings);
  take_arguments(app, call);
  for (const auto& [field, option] : fields) {
    if (option->count() == 0) continue;
    const auto& given = option->results();
    call.put_field(field->name, may_repeat(*field) ? request::join(given, "\n") : given.back());
  }
  for (const auto& [described, option] : options) {
    if (option->count() > 0) call.add_option(described, option->results());
  }
  return call;
}

}  // namespace acestep::cli
