#include <iostream>
#include <nlohmann/json.hpp>

#include "acestep/version.h"
#include "cli/commands.h"
#include "cli/given_settings.h"

namespace acestep::cli {
namespace {

int run(const CommandCall& call) {
  if (gather_fields(call).settings.json) {
    const nlohmann::json object = {{"version", kVersion},
                                   {"libtorch", ACESTEP_LIBTORCH_VERSION},
                                   {"cuda", call.surroundings().cuda.is_loaded},
                                   {"compiler", "g++ " __VERSION__},
                                   {"build_type", ACESTEP_BUILD_TYPE}};
    std::cout << object.dump(2) << '\n';
  } else {
    std::cout << "acestep " << kVersion << " (libtorch " << ACESTEP_LIBTORCH_VERSION << ", "
              << ACESTEP_BUILD_TYPE << ")\n";
  }
  return 0;
}

}  // namespace

Command version_command() {
  return {.name = "version",
          .summary = "versions of the program and its libraries",
          .fields = {"json"},
          .examples = {{"acestep version --json", "for scripts"}},
          .run = run};
}

}  // namespace acestep::cli
