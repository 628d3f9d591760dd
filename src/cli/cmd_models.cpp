#include <CLI/CLI.hpp>
#include <iostream>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "request/text.h"
#include "tiny/tiny_models.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

int make_tiny(const std::vector<std::string>& arguments) {
  CLI::App app;
  app.set_help_flag();
  std::string folder;
  uint64_t seed = 1;
  app.add_option("DIR", folder)->required();
  app.add_option("--seed", seed);
  parse(app, arguments);
  tiny::write_tiny_models(folder, seed);
  std::cout << folder << '\n';
  std::cerr << "A complete toy model with random weights: what it makes sounds like noise.\n";
  return 0;
}

}  // namespace

int cmd_models(const std::vector<std::string>& arguments) {
  if (arguments.empty()) {
    throw Error(ErrorCode::kUsage, "models: an action is missing", "acestep models make-tiny DIR");
  }
  if (arguments.front() != "make-tiny") {
    throw Error(ErrorCode::kUsage,
                "models: unknown action " + request::in_quotes(arguments.front()),
                "acestep models make-tiny DIR [--seed N]");
  }
  return make_tiny({arguments.begin() + 1, arguments.end()});
}

}  // namespace acestep::cli
