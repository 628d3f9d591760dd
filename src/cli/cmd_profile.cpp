#include <algorithm>

#include "cli/commands.h"
#include "cli/profile_commands.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

int run(const CommandCall& call) {
  const std::string mode = call.text("mode", "profile");
  if (mode == "tier-test") return run_tier_test(call);
  if (!call.arguments().empty()) {
    throw Error(ErrorCode::kUsage, "sizes in GB belong to --mode tier-test");
  }
  return run_bench(call, mode);
}

// Those of both, each once.
std::vector<CommandOption> options_of_both() {
  std::vector<CommandOption> options = {
      {.name = "mode",
       .value = "MODE",
       .help = "tier-test: as the command of that name; the others: as `bench`",
       .choices = {"profile", "benchmark", "tier-test", "understand", "create_sample",
                   "format_sample"},
       .fallback = "profile"}};
  for (const auto& list : {tier_test_options(), bench_options()}) {
    for (const CommandOption& option : list) {
      const bool is_there =
          std::any_of(options.begin(), options.end(),
                      [&](const CommandOption& known) { return known.name == option.name; });
      if (!is_there) options.push_back(option);
    }
  }
  return options;
}

std::vector<std::string> fields_of_both() {
  std::vector<std::string> names = tier_test_field_names();
  for (const std::string& name : bench_field_names()) names.push_back(name);
  return names;
}

}  // namespace

Command profile_command() {
  return {
      .name = "profile",
      .summary = "the reference's name for tier-test and bench",
      .details =
          "What each mode does is told by `acestep tier-test --help` and `acestep bench "
          "--help`.",
      .arguments = {{.name = "GB",
                     .help = "with --mode tier-test: sizes, like --tiers",
                     .is_required = false,
                     .repeats = true}},
      .options = options_of_both(),
      .fields = fields_of_both(),
      .examples = {{"acestep profile --mode tier-test --tiers 6 8 16", "acestep tier-test 6 8 16"},
                   {"acestep profile --mode benchmark", "acestep bench benchmark"}},
      .is_hidden = true,
      .run = run};
}

}  // namespace acestep::cli
