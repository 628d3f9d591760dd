// The tier test and the benchmarks, and the reference's one name for both.
#pragma once

#include <string>
#include <vector>

#include "cli/command.h"

namespace acestep::cli {

std::vector<CommandOption> tier_test_options();
std::vector<std::string> tier_test_field_names();
int run_tier_test(const CommandCall& call);

std::vector<CommandOption> bench_options();
std::vector<std::string> bench_field_names();
// mode: profile, benchmark, understand, create_sample, format_sample. Throws Error kUsage for
// others.
int run_bench(const CommandCall& call, const std::string& mode);

}  // namespace acestep::cli
