#include <map>
#include <sstream>

#include "cli/command_table.h"
#include "cli/completion.h"
#include "request/request_fields.h"
#include "request/text.h"

namespace acestep::cli {
namespace {

constexpr std::string_view kHead =
    R"(# Completion of acestep for bash, written by `acestep completion bash`.

)";

// $values: @word, @text, @file, @folder or the words to choose from.
constexpr std::string_view kBody = R"(
# The command that stands before the cursor goes to $command, the number of its arguments to $count.
_acestep_find_command() {
  local i word
  command='' count=0 wants_help=''
  for ((i = 1; i < COMP_CWORD; ++i)); do
    word=${COMP_WORDS[i]}
    if [[ ${COMP_WORDS[i + 1]} == @(=|=@) ]]; then
      ((i += 2))
    elif [[ $word == -* ]]; then
      [[ $word != *=* ]] && _acestep_values "$command" "$word" && ((++i))
      [[ ${COMP_WORDS[i]} == @ ]] && ((++i))
    elif [[ -z $command && $word == help ]]; then
      wants_help=yes
    elif _acestep_is_command "${command:+$command }$word"; then
      command+=${command:+ }$word
    else
      ((++count))
    fi
  done
}

# Those of the words that begin as the word at the cursor does.
_acestep_offer_words() { mapfile -t COMPREPLY < <(compgen -P "$prefix" -W "$1" -- "$current"); }

_acestep_offer_values() {
  case $values in
    @word) ;;
    @file) mapfile -t COMPREPLY < <(compgen -P "$prefix" -f -- "$current") ;;
    @folder) mapfile -t COMPREPLY < <(compgen -P "$prefix" -d -- "$current") ;;
    @text) [[ $current == @* ]] &&
      mapfile -t COMPREPLY < <(compgen -P "$prefix@" -f -- "${current#@}") ;;
    *) _acestep_offer_words "$values" ;;
  esac
  [[ $values != @@(file|folder|text) ]] || compopt -o filenames
}

# The option whose value stands at the cursor goes to $option, and what is there of it to $current.
_acestep_find_option() {
  local previous=${COMP_WORDS[COMP_CWORD - 1]}
  option='' prefix='' after_equals=''
  if [[ $current == --*=* ]]; then
    option=${current%%=*} prefix=$option= current=${current#*=} after_equals=yes
  elif [[ ${COMP_WORDS[COMP_CWORD]} == @(=|=@) ]]; then
    option=$previous after_equals=yes
  elif [[ $previous == @(=|=@) ]]; then
    option=${COMP_WORDS[COMP_CWORD - 2]} after_equals=yes
  elif [[ $previous == @ ]]; then
    option=${COMP_WORDS[COMP_CWORD - 2]}
  elif [[ $previous == -* && $previous != *=* ]]; then
    option=$previous
  fi
}

# Called with the program's name and the word at the cursor. In COMP_WORDS, = and @ are words.
_acestep() {
  local current=$2 command count wants_help option prefix after_equals
  local values names other_names
  COMPREPLY=()
  _acestep_find_command
  _acestep_find_option
  if [[ -n $option ]] && _acestep_values "$command" "$option"; then
    _acestep_offer_values
  elif [[ -n $after_equals ]]; then
    _acestep_offer_words 'true false'
  elif [[ $current == -* ]]; then
    _acestep_options "$command"
    _acestep_offer_words "$names"
    [[ ${#COMPREPLY[@]} -gt 0 ]] || _acestep_offer_words "$other_names"
  elif _acestep_commands "$command" && [[ $count -eq 0 ]]; then
    _acestep_offer_words "$names"
  elif [[ -z $wants_help ]] && _acestep_argument "$command $count"; then
    _acestep_offer_values
  fi
}

complete -F _acestep acestep
)";

// What stands for the values in the script.
std::string values_of(Completes completes, const std::vector<std::string>& choices) {
  switch (completes) {
    case Completes::kNothing:
      return "";
    case Completes::kAnyWord:
      return "@word";
    case Completes::kText:
      return "@text";
    case Completes::kChoice:
      return request::join(choices, " ");
    case Completes::kFile:
      return "@file";
    case Completes::kFolder:
      return "@folder";
  }
  return "";
}

// Patterns of "COMMAND OPTION" by the values they stand for; in_command: quoted, or * for any.
void write_values_of(std::ostream& out, const std::vector<CompletedOption>& options,
                     const std::string& in_command) {
  std::map<std::string, std::vector<std::string>> patterns;
  for (const CompletedOption& option : options) {
    auto& list = patterns[values_of(option.completes, option.choices)];
    for (const std::string& name : option.names) list.push_back(in_command + "\\ " + name);
    for (const std::string& name : option.others) list.push_back(in_command + "\\ " + name);
  }
  for (const auto& [values, list] : patterns) {
    out << "    " << request::join(list, "|") << ")";
    out << (values.empty() ? " return 1" : " values=" + in_shell_quotes(values)) << " ;;\n";
  }
}

void write_values(std::ostream& out) {
  out << "# What OPTION of COMMAND takes goes to $values; fails when it takes nothing.\n"
         "_acestep_values() {\n  case \"$1 $2\" in\n";
  for (const Command& command : all_commands()) {
    write_values_of(out, own_options(command), in_shell_quotes(command.name));
  }
  // Without a command it is that of generate.
  write_values_of(out, own_options(*find_command("generate")), "''");
  write_values_of(out, field_options(request::supported_fields()), "*");
  out << "    *) return 1 ;;\n  esac\n}\n\n";
}

void write_options(std::ostream& out) {
  out << "# The options of a command go to $names, their other spellings to $other_names.\n"
         "_acestep_options() {\n  case $1 in\n";
  for (const Command& command : all_commands()) {
    if (command.is_hidden) continue;
    std::vector<std::string> names;
    std::vector<std::string> others;
    for (const CompletedOption& option : completed_options(command)) {
      names.insert(names.end(), option.names.begin(), option.names.end());
      others.insert(others.end(), option.others.begin(), option.others.end());
    }
    const std::string unnamed = command.name == "generate" ? "''|" : "";
    out << "    " << unnamed << in_shell_quotes(command.name) << ")\n      names='"
        << request::join(names, " ") << "'\n      other_names='" << request::join(others, " ")
        << "' ;;\n";
  }
  out << "    *) names='--help -h' other_names='' ;;\n  esac\n}\n\n";
}

std::string words_of(const std::vector<CompletedWord>& offered) {
  std::vector<std::string> words;
  for (const CompletedWord& one : offered) words.push_back(one.word);
  return request::join(words, " ");
}

void write_commands(std::ostream& out) {
  std::vector<std::string> known;
  out << "# The words that may follow a command go to $names; fails when there are none.\n"
         "_acestep_commands() {\n  case $1 in\n    '') names='"
      << words_of(offered_words()) << "' ;;\n";
  for (const CompletedWord& one : offered_words()) {
    const auto actions = offered_actions(one.word);
    if (one.word != "help") known.push_back(in_shell_quotes(one.word));
    for (const auto& action : actions)
      known.push_back(in_shell_quotes(one.word + " " + action.word));
    if (!actions.empty()) {
      out << "    " << in_shell_quotes(one.word) << ") names='" << words_of(actions) << "' ;;\n";
    }
  }
  out << "    *) return 1 ;;\n  esac\n}\n\n_acestep_is_command() {\n  case $1 in\n    "
      << request::join(known, "|") << ") ;;\n    *) return 1 ;;\n  esac\n}\n\n";
}

void write_arguments(std::ostream& out) {
  out << "# What stands as the argument \"COMMAND NUMBER\" goes to $values.\n"
         "_acestep_argument() {\n  case $1 in\n";
  for (const Command& command : all_commands()) {
    for (size_t i = 0; i < command.arguments.size() && !command.is_hidden; ++i) {
      const CommandArgument& argument = command.arguments[i];
      const std::string values =
          values_of(completes_as(argument.name, argument.choices), argument.choices);
      out << "    " << in_shell_quotes(command.name + " ")
          << (argument.repeats ? "*" : std::to_string(i)) << ") values=" << in_shell_quotes(values)
          << " ;;\n";
    }
  }
  out << "    *) return 1 ;;\n  esac\n}\n";
}

}  // namespace

std::string bash_completion() {
  std::ostringstream out;
  out << kHead;
  write_values(out);
  write_options(out);
  write_commands(out);
  write_arguments(out);
  out << kBody;
  return out.str();
}

}  // namespace acestep::cli
