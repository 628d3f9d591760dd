#include <sstream>

#include "cli/command_table.h"
#include "cli/completion.h"
#include "request/request_fields.h"
#include "request/text.h"

namespace acestep::cli {
namespace {

constexpr std::string_view kHead =
    "#compdef acestep\n"
    "# Completion of acestep for zsh, written by `acestep completion zsh`.\n\n";

constexpr std::string_view kBody = R"(
# Any text, or @FILE.
_acestep_text() { compset -P @ && _files; }

_acestep() {
  local command='' wants_help='' word
  local -i i=2
  local -a specs
  # The words of the command leave $words: _arguments shall see options and arguments alone. Not in
  # a function, whose end would bring them back.
  while ((i < CURRENT)); do
    word=$words[i]
    if [[ -z $command && $word == help ]]; then
      wants_help=yes
    elif [[ $word != -* ]] && _acestep_is_command "${command:+$command }$word"; then
      command+=${command:+ }$word
    else
      _acestep_takes_next "$word" && ((++i))
      ((++i))
      continue
    fi
    words[i]=()
    ((--CURRENT))
  done
  _acestep_specs "$command"
  [[ -n $wants_help ]] && specs=('*: :_acestep_words')
  # Spellings with a dash are offered to those who write them.
  [[ $PREFIX == --*-* ]] && specs=(${specs#!})
  _arguments -s : $specs
}

if [[ $funcstack[1] == _acestep ]]; then
  _acestep "$@"
else
  compdef _acestep acestep
fi
)";

// Brackets end the explanation of an option.
std::string explained(const std::string& help) {
  std::string text = "[";
  for (const char c : help) {
    if (c == '[' || c == ']' || c == '\\') text += '\\';
    text += c;
  }
  return text + "]";
}

// Colons end a part of a specification.
std::string part(const std::string& name) {
  std::string text;
  for (const char c : name) {
    if (c == ':' || c == '\\') text += '\\';
    text += c;
  }
  return text;
}

std::string action_of(Completes completes, const std::vector<std::string>& choices) {
  switch (completes) {
    case Completes::kNothing:
    case Completes::kAnyWord:
      return " ";
    case Completes::kText:
      return "_acestep_text";
    case Completes::kChoice:
      return std::string("(").append(request::join(choices, " ")).append(")");
    case Completes::kFile:
      return "_files";
    case Completes::kFolder:
      return "_files -/";
  }
  return " ";
}

// before: "!" for a spelling that is understood and not offered.
void write_spec(std::ostream& out, const std::string& before, const std::string& name,
                const CompletedOption& option) {
  std::string spec = before + (option.repeats ? "*" : "") + name;
  if (option.completes == Completes::kNothing) {
    spec += explained(option.help);
  } else {
    spec += name.starts_with("--") ? "=" : "+";
    spec += explained(option.help) + ":" + part(option.value) + ":" +
            action_of(option.completes, option.choices);
  }
  out << "    " << in_shell_quotes(spec) << '\n';
}

void write_specs(std::ostream& out, const std::vector<CompletedOption>& options) {
  for (const CompletedOption& option : options) {
    for (const std::string& name : option.names) write_spec(out, "", name, option);
    for (const std::string& name : option.others) write_spec(out, "!", name, option);
  }
}

void write_argument(std::ostream& out, const CommandArgument& argument, size_t place) {
  std::string spec = argument.repeats ? "*" : std::to_string(place);
  spec += argument.is_required || argument.repeats ? ":" : "::";
  spec += part(argument.name) + ":" +
          action_of(completes_as(argument.name, argument.choices), argument.choices);
  out << "    " << in_shell_quotes(spec) << '\n';
}

void write_arguments(std::ostream& out, const Command& command) {
  for (size_t i = 0; i < command.arguments.size(); ++i) {
    write_argument(out, command.arguments[i], i + 1);
  }
}

void write_command(std::ostream& out, const Command& command) {
  const bool is_usual = command.name == "generate";
  out << "  " << (is_usual ? "''|" : "") << in_shell_quotes(command.name) << ") specs=(\n";
  write_specs(out, own_options(command));
  if (command.takes_request) out << "    $request\n";
  if (!command.takes_request) write_specs(out, field_options(fields_of(command)));
  write_specs(out, options_for_help());
  if (is_usual) {
    // Without a command's name the first word may become one.
    out << "    )\n    if [[ -z $1 ]]; then specs+=('1: :_acestep_words'); else specs+=(\n";
    write_arguments(out, command);
    out << "    ); fi ;;\n";
    return;
  }
  write_arguments(out, command);
  out << "    ) ;;\n";
}

void write_all_specs(std::ostream& out) {
  out << "# What a command takes goes to $specs.\n"
         "_acestep_specs() {\n  local -a request\n  request=(\n";
  write_specs(out, field_options(request::supported_fields()));
  out << "  )\n  case $1 in\n";
  for (const Command& command : all_commands()) {
    if (!command.is_hidden) write_command(out, command);
  }
  out << "  *) specs=('*: :_acestep_words') ;;\n  esac\n}\n\n";
}

void write_described(std::ostream& out, const std::vector<CompletedWord>& offered) {
  for (const CompletedWord& one : offered) {
    out << "    " << in_shell_quotes(part(one.word) + ":" + one.meaning) << '\n';
  }
}

void write_words(std::ostream& out) {
  std::vector<std::string> known;
  out << "# The words that may follow $command.\n"
         "_acestep_words() {\n  local -a offered\n  case $command in\n  '') offered=(\n";
  write_described(out, offered_words());
  out << "    ) ;;\n";
  for (const CompletedWord& one : offered_words()) {
    if (one.word != "help") known.push_back(in_shell_quotes(one.word));
    const auto actions = offered_actions(one.word);
    for (const auto& action : actions)
      known.push_back(in_shell_quotes(one.word + " " + action.word));
    if (actions.empty()) continue;
    out << "  " << in_shell_quotes(one.word) << ") offered=(\n";
    write_described(out, actions);
    out << "    ) ;;\n";
  }
  out << "  esac\n  _describe command offered\n}\n\n"
         "_acestep_is_command() {\n  [[ $1 == ("
      << request::join(known, "|") << ") ]]\n}\n\n";
}

}  // namespace

std::string zsh_completion() {
  std::ostringstream out;
  out << kHead;
  write_all_specs(out);
  write_words(out);
  out << "# Does the option's value stand in the next word?\n_acestep_takes_next() {\n  [[ $1 == ("
      << request::join(names_with_value(), "|") << ") ]]\n}\n";
  out << kBody;
  return out.str();
}

}  // namespace acestep::cli
