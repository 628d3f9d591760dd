#include <algorithm>
#include <sstream>

#include "cli/command_table.h"
#include "cli/completion.h"
#include "request/request_fields.h"
#include "request/text.h"

namespace acestep::cli {
namespace {

constexpr std::string_view kHead =
    "# Completion of acestep for fish, written by `acestep completion fish`.\n\n";

constexpr std::string_view kFunctions = R"(
# Is one of these the command before the cursor?
function __acestep_is
    contains -- (__acestep_command) $argv
end

# Any text, or @FILE.
function __acestep_text
    set -l current (commandline -ct | string replace -r '^--?[^=]*=' '')
    if string match -q '@*' -- $current
        for file in (__fish_complete_path (string sub -s 2 -- $current))
            echo @$file
        end
    end
end

complete -c acestep -f
)";

std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') result += '\\';
    result += c;
  }
  return result + "'";
}

// "-l inference_steps", "-s b"
std::string name_flag(const std::string& name) {
  return name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
}

std::string value_flags(Completes completes, const std::vector<std::string>& choices) {
  switch (completes) {
    case Completes::kNothing:
      return "";
    case Completes::kAnyWord:
      return " -x";
    case Completes::kText:
      return " -x -a '(__acestep_text)'";
    case Completes::kChoice:
      return " -x -a " + quoted(request::join(choices, " "));
    case Completes::kFile:
      return " -r -F";
    case Completes::kFolder:
      return " -x -a '(__fish_complete_directories)'";
  }
  return "";
}

// commands: "generate 'config show'"
std::string condition(const std::string& commands) {
  return " -n " + quoted("__acestep_is " + commands);
}

std::string fish_name(const Command& command) {
  return command.name == "generate" ? "'' generate" : quoted(command.name);
}

void write_options(std::ostream& out, const std::string& commands,
                   const std::vector<CompletedOption>& options) {
  for (const CompletedOption& option : options) {
    out << "complete -c acestep" << condition(commands);
    for (const std::string& name : option.names) out << name_flag(name);
    for (const std::string& name : option.others) out << name_flag(name);
    out << value_flags(option.completes, option.choices) << " -d " << quoted(option.help) << '\n';
  }
}

void write_words(std::ostream& out, const std::string& commands,
                 const std::vector<CompletedWord>& offered) {
  for (const CompletedWord& one : offered) {
    out << "complete -c acestep" << condition(commands) << " -a " << one.word << " -d "
        << quoted(one.meaning) << '\n';
  }
}

// Fields are described once, with the commands that take them.
void write_fields(std::ostream& out) {
  for (const request::Field* field : request::supported_fields()) {
    std::vector<std::string> commands;
    for (const Command& command : all_commands()) {
      const auto fields = fields_of(command);
      const bool takes = std::find(fields.begin(), fields.end(), field) != fields.end();
      if (takes && !command.is_hidden) commands.push_back(fish_name(command));
    }
    write_options(out, request::join(commands, " "), field_options({field}));
  }
}

void write_command(std::ostream& out, const Command& command) {
  write_options(out, fish_name(command), own_options(command));
  for (const CommandArgument& argument : command.arguments) {
    const Completes completes = completes_as(argument.name, argument.choices);
    const std::string name = fish_name(command);
    if (completes == Completes::kFile) out << "complete -c acestep" << condition(name) << " -F\n";
    const bool has_list = completes == Completes::kChoice || completes == Completes::kFolder;
    if (!has_list) continue;
    out << "complete -c acestep" << condition(name)
        << value_flags(completes, argument.choices).substr(3) << '\n';
  }
}

void write_command_function(std::ostream& out) {
  std::vector<std::string> known;
  for (const CompletedWord& one : offered_words()) {
    known.push_back(quoted(" " + one.word));
    const auto actions = offered_actions(one.word);
    if (!actions.empty()) known.push_back(quoted("help " + one.word));
    for (const auto& action : actions) known.push_back(quoted(one.word + " " + action.word));
  }
  out << "# The command before the cursor, such as \"models list\"; empty when there is none yet.\n"
         "function __acestep_command\n"
         "    set -l command ''\n"
         "    set -l is_value no\n"
         "    for word in (commandline -opc)[2..-1]\n"
         "        if test $is_value = yes\n"
         "            set is_value no\n"
         "            continue\n"
         "        end\n"
         "        switch $word\n"
         "            case "
      << request::join(names_with_value(), " ")
      << "\n"
         "                set is_value yes\n"
         "            case '-*'\n"
         "            case '*'\n"
         "                switch \"$command $word\"\n"
         "                    case "
      << request::join(known, " ")
      << "\n"
         "                        set command (string trim \"$command $word\")\n"
         "                end\n"
         "        end\n"
         "    end\n"
         "    echo $command\n"
         "end\n";
}

}  // namespace

std::string fish_completion() {
  std::ostringstream out;
  out << kHead;
  write_command_function(out);
  out << kFunctions;
  write_words(out, "''", offered_words());
  std::vector<CompletedWord> without_help = offered_words();
  without_help.pop_back();
  write_words(out, "help", without_help);
  for (const CompletedWord& one : offered_words()) {
    const auto actions = offered_actions(one.word);
    if (!actions.empty()) {
      write_words(out, quoted(one.word) + " " + quoted("help " + one.word), actions);
    }
  }
  write_fields(out);
  for (const Command& command : all_commands()) {
    if (!command.is_hidden) write_command(out, command);
  }
  for (const CompletedOption& option : options_for_help()) {
    out << "complete -c acestep";
    for (const std::string& name : option.names) out << name_flag(name);
    for (const std::string& name : option.others) out << name_flag(name);
    out << " -d " << quoted(option.help) << '\n';
  }
  return out.str();
}

}  // namespace acestep::cli
