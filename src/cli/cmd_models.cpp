#include <CLI/CLI.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "request/text.h"
#include "tiny/tiny_models.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

constexpr char kUsage[] = "acestep models make-tiny DIR [--seed N]";

struct ModelsCall {
  std::string action;
  std::string folder;
  uint64_t seed = 1;
  bool is_quiet = false;
  bool as_json = false;
};

ModelsCall parse_models(const std::vector<std::string>& arguments) {
  CLI::App app;
  app.set_help_flag();
  ModelsCall call;
  app.add_option("ACTION", call.action);
  app.add_option("DIR", call.folder);
  app.add_option("--seed", call.seed);
  app.add_flag("-q,--quiet", call.is_quiet);
  app.add_flag("--json", call.as_json);
  parse(app, arguments);
  return call;
}

void make_tiny(const ModelsCall& call) {
  if (call.folder.empty()) {
    throw Error(ErrorCode::kUsage, "models make-tiny: a folder is missing", kUsage);
  }
  tiny::write_tiny_models(call.folder, call.seed);
  if (call.as_json) {
    std::cout << nlohmann::json{{"success", true}, {"path", call.folder}, {"seed", call.seed}}.dump(
                     2)
              << '\n';
  } else {
    std::cout << call.folder << '\n';
  }
  if (call.is_quiet) return;
  std::cerr << "A complete toy model with random weights: what it makes sounds like noise.\n";
}

}  // namespace

int cmd_models(const std::vector<std::string>& arguments) {
  const ModelsCall call = parse_models(arguments);
  if (call.action.empty()) throw Error(ErrorCode::kUsage, "models: an action is missing", kUsage);
  if (call.action != "make-tiny") {
    throw Error(ErrorCode::kUsage, "models: unknown action " + request::in_quotes(call.action),
                kUsage);
  }
  make_tiny(call);
  return 0;
}

}  // namespace acestep::cli
