#include "cli/help_rows.h"

#include <algorithm>
#include <utility>

#include "cli/command_table.h"
#include "request/request_fields.h"
#include "request/text.h"

namespace acestep::cli {
namespace {

using request::Field;
using request::FieldType;

std::string with_letter(char letter, const std::string& name) {
  std::string text;
  if (letter != 0) text.append({'-', letter, ',', ' '});
  return text + name;
}

std::string name_of(const Field& field) {
  const request::Value value = default_of(field);
  const bool* switched = std::get_if<bool>(&value);
  const bool is_on = switched != nullptr && *switched;
  return with_letter(field.short_name, (is_on ? "--[no-]" : "--") + field.name);
}

std::string allowed_values(const Field& field) {
  if (field.type == FieldType::kBool) return "";
  if (!field.choices.empty()) return request::listed(field.choices, 12);
  const std::string bounds = describe(field.range);
  if (!bounds.empty()) return bounds;
  const bool is_text = field.type == FieldType::kText || field.type == FieldType::kTextList;
  return is_text ? "" : std::string(describe(field.type));
}

std::string default_text(const Field& field) {
  if (!field.default_note.empty()) return field.default_note;
  const request::Value value = default_of(field);
  if (const bool* truth = std::get_if<bool>(&value)) return *truth ? "on" : "off";
  return request::to_text(value);
}

HelpRow row_of(const Field& field) {
  HelpRow row{.names = name_of(field),
              .value = value_of(field),
              .help = field.help,
              .allowed = allowed_values(field),
              .fallback = default_text(field)};
  for (const std::string& alias : field.aliases) row.also.push_back("--" + alias);
  for (std::string& name : environment_names(field)) row.also.push_back(std::move(name));
  return row;
}

template <typename Items>
void add_section(std::vector<HelpSection>& sections, std::string title, const Items& items) {
  HelpSection section{std::move(title), {}};
  for (const auto& item : items) section.rows.push_back(row_of(item));
  if (!section.rows.empty()) sections.push_back(std::move(section));
}

void add_fields(std::vector<HelpSection>& sections, const std::vector<const Field*>& fields) {
  for (const request::FieldGroup group : request::all_groups()) {
    std::vector<Field> of_group;
    for (const Field* field : fields) {
      if (field->group == group) of_group.push_back(*field);
    }
    add_section(sections, std::string(request::title_of(group)), of_group);
  }
}

// The one command whose help is the place of all fields.
bool tells_all(const Command& command) { return command.name == "generate"; }

}  // namespace

HelpRow row_of(const CommandOption& option) {
  return {.names = with_letter(option.short_name, "--" + option.name),
          .value = option.value,
          .help = option.help,
          .allowed = request::listed(option.choices, 12),
          .fallback = option.fallback};
}

HelpRow row_of(const CommandArgument& argument) {
  return {.names = argument.name,
          .help = argument.help,
          .allowed = request::listed(argument.choices, 12)};
}

std::vector<HelpSection> sections_of(const Command& command) {
  std::vector<HelpSection> sections;
  add_section(sections, "Arguments", command.arguments);
  add_section(sections, "Options", command.options);
  if (command.takes_request) add_section(sections, "Request files", request_file_options());
  add_fields(sections, fields_of(command));
  return sections;
}

std::vector<HelpSection> manual_sections_of(const Command& command) {
  if (tells_all(command)) return sections_of(command);
  std::vector<HelpSection> sections;
  add_section(sections, "Arguments", command.arguments);
  add_section(sections, "Options", command.options);
  if (command.takes_request) return sections;
  std::vector<const Field*> own = fields_of(command);
  const std::vector<std::string> log = log_field_names();
  std::erase_if(own, [&](const Field* field) {
    return std::find(log.begin(), log.end(), field->name) != log.end();
  });
  add_fields(sections, own);
  return sections;
}

std::string manual_note_of(const Command& command) {
  if (tells_all(command)) return {};
  return command.takes_request ? "Every option of `acestep generate` is one of this command, too."
                               : std::string();
}

std::string usage_of(const Command& command) {
  std::string usage = command.name == "generate" ? "acestep [generate]" : "acestep " + command.name;
  for (const CommandArgument& argument : command.arguments) {
    std::string name = argument.repeats ? argument.name + "…" : argument.name;
    if (!argument.is_required) name = "[" + name + "]";
    usage += " " + name;
  }
  const bool has_options = !options_of(command).empty() || !fields_of(command).empty();
  return has_options ? usage + " [options]" : usage;
}

std::string sentence_of(const Command& command) {
  std::string sentence = command.summary + ".";
  if (sentence[0] >= 'a' && sentence[0] <= 'z') {
    sentence[0] = static_cast<char>(sentence[0] - ('a' - 'A'));
  }
  return sentence;
}

std::string value_of(const Field& field) {
  if (!field.value_name.empty()) return field.value_name;
  switch (field.type) {
    case FieldType::kBool:
      return "";
    case FieldType::kInteger:
    case FieldType::kReal:
      return "N";
    case FieldType::kIntegerList:
    case FieldType::kRealList:
      return "N,N,…";
    case FieldType::kTextList:
    case FieldType::kText:
      return field.choices.empty() ? "TEXT" : "NAME";
  }
  return "";
}

std::vector<std::string> environment_names(const Field& field) {
  std::string own = "ACESTEP_" + field.name;
  std::transform(own.begin(), own.end(), own.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  std::vector<std::string> names = field.environment;
  names.push_back(own);
  return names;
}

const std::vector<ExitCodeRow>& exit_code_rows() {
  static const std::vector<ExitCodeRow> rows = {
      {0, "done"},
      {1, "a mistake inside acestep"},
      {2, "options or request values are wrong"},
      {3, "a model is missing, incomplete or of the wrong shape"},
      {4, "an input file is missing or unreadable"},
      {5, "out of memory"},
      {6, "the output cannot be written"},
      {7, "the result was rejected: not finite, silent, or not the song to --verify"},
      {8, "a batch finished, and some of its songs failed"},
      {9, "a song took longer than generation_timeout"},
      {75, "a batch was stopped early and can be resumed"},
      {130, "stopped by Ctrl-C"},
      {143, "stopped by SIGTERM"},
  };
  return rows;
}

const HelpSection& help_options() {
  static const HelpSection section = {
      "Help",
      {{.names = "-h, --help", .help = "this text; after a command, that command's"},
       {.names = "--help_all", .help = "aliases, environment variables and exit codes too"},
       {.names = "--version", .help = "as `acestep version`"}}};
  return section;
}

}  // namespace acestep::cli
