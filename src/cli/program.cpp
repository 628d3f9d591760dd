#include "cli/program.h"

#include <algorithm>
#include <exception>
#include <iostream>
#include <new>

#include "acestep/version.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "request/nearest.h"
#include "request/text.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

int run_command(const CommandLine& line, const device::CudaBackend& cuda) {
  if (line.command == "generate") return cmd_generate(line.arguments, cuda);
  if (line.command == "models") return cmd_models(line.arguments);
  if (line.command == "version") return cmd_version(line.arguments, cuda);
  if (line.command == "help-markdown") {
    std::cout << help_markdown();
    return 0;
  }
  std::string hint = "acestep --help lists the commands";
  if (const auto near = request::nearest_name(line.command, command_names())) {
    hint = "did you mean '" + *near + "'?";
  }
  throw Error(ErrorCode::kUsage, "unknown command " + request::in_quotes(line.command), hint);
}

int run_or_help(const std::vector<std::string>& arguments, const device::CudaBackend& cuda) {
  const auto has = [&](const char* word) {
    return std::find(arguments.begin(), arguments.end(), word) != arguments.end();
  };
  const CommandLine line = split_command(arguments);
  const bool says_nothing = line.command == "generate" && line.arguments.empty();
  if (says_nothing || line.command == "help" || has("--help") || has("-h")) {
    std::cout << help_for(line.command, HelpDetail::kUsual);
    return 0;
  }
  if (has("--help-all") || has("--help_all")) {
    std::cout << help_for(line.command, HelpDetail::kAll);
    return 0;
  }
  if (arguments.front() == "--version") return cmd_version({}, cuda);
  return run_command(line, cuda);
}

// What a script reads when it asked for JSON; people read standard error.
void print_failure(const std::vector<std::string>& arguments, const std::string& message,
                   const std::string& hint, int exit_code) {
  std::cerr << "acestep: error: " << message << '\n';
  if (!hint.empty()) std::cerr << hint << '\n';
  if (std::find(arguments.begin(), arguments.end(), "--json") == arguments.end()) return;
  const nlohmann::json result = {
      {"success", false},           {"error", hint.empty() ? message : message + "\n" + hint},
      {"status_message", "failed"}, {"audios", nlohmann::json::array()},
      {"exit_code", exit_code},     {"version", kVersion}};
  std::cout << result.dump(2) << '\n';
}

}  // namespace

int run_program(const std::vector<std::string>& arguments, const device::CudaBackend& cuda) {
  int exit_code = static_cast<int>(ErrorCode::kInternal);
  try {
    exit_code = run_or_help(arguments, cuda);
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
