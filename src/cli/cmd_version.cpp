#include <CLI/App.hpp>
#include <CLI/CLI.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

#include "acestep/version.h"
#include "cli/command_line.h"
#include "cli/commands.h"

namespace acestep::cli {

int cmd_version(const std::vector<std::string>& arguments, const device::CudaBackend& cuda) {
  CLI::App app;
  app.set_help_flag();
  bool as_json = false;
  app.add_flag("--json", as_json);
  parse(app, arguments);
  if (as_json) {
    const nlohmann::json object = {{"version", kVersion},
                                   {"libtorch", ACESTEP_LIBTORCH_VERSION},
                                   {"cuda", cuda.is_loaded},
                                   {"compiler", "g++ " __VERSION__},
                                   {"build_type", ACESTEP_BUILD_TYPE}};
    std::cout << object.dump(2) << '\n';
  } else {
    std::cout << "acestep " << kVersion << " (libtorch " << ACESTEP_LIBTORCH_VERSION << ", "
              << ACESTEP_BUILD_TYPE << ")\n";
  }
  return 0;
}

}  // namespace acestep::cli
