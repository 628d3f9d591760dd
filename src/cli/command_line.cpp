#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <utility>

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

const Field* field_with_short_name(char letter) {
  for (const Field& field : request::all_fields()) {
    if (field.short_name == letter) return &field;
  }
  return nullptr;
}

bool takes_value(const Field* field) {
  return field != nullptr && field->support == FieldSupport::kNow &&
         field->type != FieldType::kBool;
}

bool letter_takes_value(char letter) {
  return letter == 'c' || takes_value(field_with_short_name(letter));
}

// True when the next argument belongs to this option: "--bpm" but not "--bpm=90" or "-b2".
bool takes_next(const std::string& word) {
  if (word.starts_with("--")) {
    if (word.find('=') != std::string::npos) return false;
    const std::string name = word.substr(2);
    return name == "config" || takes_value(request::find_field(name));
  }
  for (size_t i = 1; i < word.size(); ++i) {
    if (letter_takes_value(word[i])) return i + 1 == word.size();
  }
  return false;
}

std::string option_names(const Field& field) {
  std::vector<std::string> names;
  if (field.short_name != 0) names.push_back(std::string("-") + field.short_name);
  std::vector<std::string> long_names = field.aliases;
  long_names.insert(long_names.begin(), field.name);
  for (const std::string& name : long_names) {
    for (const std::string& spelling : spellings_of(name)) {
      names.push_back("--" + spelling);
      if (field.type != FieldType::kBool) continue;
      for (const std::string& no : spellings_of("no_" + name)) names.push_back("!--" + no);
      if (name != spelling || name.find('_') == std::string::npos) continue;
      names.push_back("!--no-" + name);
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return request::join(names, ",");
}

CLI::Option* add_field(CLI::App& app, const Field& field) {
  CLI::Option* option = field.type == FieldType::kBool ? app.add_flag(option_names(field))
                                                       : app.add_option(option_names(field));
  return option->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

// "--stepps=9" -> "stepps"
std::string name_in(const std::string& word) {
  const size_t begin = word.find_first_not_of('-');
  if (begin == std::string::npos) return word;
  return word.substr(begin, word.find('=') - begin);
}

[[noreturn]] void refuse_option(const CLI::App& app, const std::string& word) {
  const std::string name = name_in(word);
  const Field* known = request::find_field(name);
  if (known != nullptr && known->support == FieldSupport::kLater) {
    throw Error(ErrorCode::kUsage, "option --" + name + " is not supported yet");
  }
  std::vector<std::string> options;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& spelling : option->get_lnames()) options.push_back(spelling);
  }
  const auto near = request::nearest_name(name, options);
  throw Error(ErrorCode::kUsage, "unknown option " + request::in_quotes(word),
              near ? "did you mean '--" + *near + "'?" : "acestep --help lists the options");
}

void refuse_rest(const CLI::App& app) {
  const std::vector<std::string> rest = app.remaining();
  const auto option = std::find_if(rest.begin(), rest.end(), is_option);
  if (option != rest.end()) refuse_option(app, *option);
  if (!rest.empty()) {
    throw Error(ErrorCode::kUsage, "unexpected argument " + request::in_quotes(rest.front()),
                "values follow an option, such as --caption TEXT or --config FILE");
  }
}

}  // namespace

std::vector<std::string> command_names() { return {"generate", "models", "version", "help"}; }

std::vector<std::string> spellings_of(const std::string& name) {
  std::string dashed = name;
  std::replace(dashed.begin(), dashed.end(), '_', '-');
  if (dashed == name) return {name};
  return {name, dashed};
}

CommandLine split_command(const std::vector<std::string>& arguments) {
  const std::vector<std::string> commands = command_names();
  CommandLine line{"generate", arguments};
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    // Later words that are no command are left for parse() to explain.
    const bool names_command = std::find(commands.begin(), commands.end(), word) != commands.end();
    if (names_command || (i == 0 && !is_option(word))) {
      line.command = word;
      line.arguments.erase(line.arguments.begin() + static_cast<std::ptrdiff_t>(i));
      return line;
    }
    if (is_option(word) && takes_next(word)) ++i;
  }
  return line;
}

void parse(CLI::App& app, const std::vector<std::string>& arguments) {
  app.allow_extras();
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // as CLI11 wants it
    app.parse(std::move(reversed));
  } catch (const CLI::ParseError& error) {
    throw Error(ErrorCode::kUsage, error.what(), "acestep --help lists the options");
  }
  refuse_rest(app);
}

GenerateOptions parse_generate_options(const std::vector<std::string>& arguments,
                                       request::Findings& findings) {
  CLI::App app;
  app.set_help_flag();
  GenerateOptions options;
  app.add_option("-c,--config", options.config_files)
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  std::vector<std::pair<const Field*, CLI::Option*>> table;
  for (const Field& field : request::all_fields()) {
    if (field.support == FieldSupport::kNow) table.emplace_back(&field, add_field(app, field));
  }
  parse(app, arguments);
  for (const auto& [field, option] : table) {
    if (option->count() == 0) continue;
    request::put_text(options.layer, *field, option->results().back(), "cli", findings);
  }
  return options;
}

}  // namespace acestep::cli
