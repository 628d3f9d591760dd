#include "cli/program.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>
#include <iostream>
#include <new>

#include "acestep/version.h"
#include "cli/command_line.h"
#include "cli/command_table.h"
#include "cli/given_settings.h"
#include "cli/help.h"
#include "cli/log.h"
#include "cli/prepare.h"
#include "request/nearest.h"
#include "request/text.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

[[noreturn]] void refuse_command(const std::string& name) {
  const size_t space = name.find(' ');
  const std::string word = name.substr(0, space);
  const std::vector<std::string> actions = actions_of(word);
  if (!actions.empty() && space == std::string::npos) {
    throw Error(ErrorCode::kUsage, word + ": an action is missing",
                "one of " + request::listed(actions));
  }
  const bool is_action = !actions.empty();
  const std::string asked = is_action ? name.substr(space + 1) : name;
  const auto near = request::nearest_name(asked, is_action ? actions : command_words());
  std::string hint = is_action ? "one of " + request::listed(actions) : "acestep --help lists them";
  if (near) hint = "did you mean '" + *near + "'?";
  throw Error(
      ErrorCode::kUsage,
      (is_action ? word + ": unknown action " : "unknown command ") + request::in_quotes(asked),
      hint);
}

int run_command(const CommandLine& line, const Surroundings& surroundings) {
  const Command* command = find_command(line.command);
  if (command == nullptr) refuse_command(line.command);
  const CommandCall call = parse_call(*command, line.arguments, surroundings);
  if (!command->examines_configuration) start_log(log_settings(call));
  spdlog::debug("acestep {}: {}", kVersion, command->name);
  return command->run(call);
}

// "help models download" asks for the help of "models download"; "" for the overview.
std::string help_topic(const CommandLine& line) {
  const std::string topic =
      line.command == "help" ? request::join(line.arguments, " ") : line.command;
  const bool is_known = find_command(topic) != nullptr || !actions_of(topic).empty();
  if (!topic.empty() && !is_known) refuse_command(topic);
  return topic;
}

int run_or_help(const std::vector<std::string>& arguments, const Surroundings& surroundings) {
  const auto has = [&](const char* word) {
    return std::find(arguments.begin(), arguments.end(), word) != arguments.end();
  };
  const CommandLine line = split_command(arguments);
  const bool wants_all = has("--help-all") || has("--help_all");
  const bool says_nothing = line.command == "generate" && line.arguments.empty();
  if (says_nothing || wants_all || line.command == "help" || has("--help") || has("-h")) {
    const HelpDetail detail = wants_all ? HelpDetail::kAll : HelpDetail::kUsual;
    const bool names_command = has("generate") || line.command != "generate";
    std::cout << (names_command ? help_for(help_topic(line), detail) : help_overview(detail));
    return 0;
  }
  if (arguments.front() == "--version")
    return find_command("version")->run(CommandCall(*find_command("version"), surroundings));
  return run_command(line, surroundings);
}

// What a script reads when it asked for JSON; people read standard error.
void print_failure(const std::vector<std::string>& arguments, const std::string& message,
                   const std::string& hint, int exit_code) {
  log_failure(message, hint);
  if (std::find(arguments.begin(), arguments.end(), "--json") == arguments.end()) return;
  const nlohmann::json result = {
      {"success", false},           {"error", hint.empty() ? message : message + "\n" + hint},
      {"status_message", "failed"}, {"audios", nlohmann::json::array()},
      {"exit_code", exit_code},     {"version", kVersion}};
  std::cout << result.dump(2) << '\n';
}

}  // namespace

int run_program(const std::vector<std::string>& arguments, const device::CudaBackend& cuda) {
  start_log(request::TerminalSettings{});  // until the command's own settings are known
  int exit_code = static_cast<int>(ErrorCode::kInternal);
  try {
    exit_code = run_or_help(arguments, {.cuda = cuda, .environment = process_environment()});
    std::cout.flush();
    if (!std::cout) throw Error(ErrorCode::kOutput, "standard output cannot be written");
  } catch (const Error& error) {
    exit_code = error.exit_code();
    print_failure(arguments, error.message(), error.hint(), exit_code);
  } catch (const std::bad_alloc&) {
    exit_code = static_cast<int>(ErrorCode::kMemory);
    const Error error(ErrorCode::kMemory, "out of memory");
    print_failure(arguments, error.message(), error.hint(), exit_code);
  } catch (const std::exception& error) {
    print_failure(arguments, error.what(), "This is a mistake in acestep; please report it.",
                  exit_code);
  }
  return exit_code;
}

}  // namespace acestep::cli
