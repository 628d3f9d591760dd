#include <algorithm>
#include <cstdio>
#include <iostream>

#include "cli/commands.h"
#include "cli/given_settings.h"
#include "cli/signals.h"
#include "request/nearest.h"
#include "request/text.h"
#include "selftest/check.h"
#include "util/stopwatch.h"

namespace acestep::cli {
namespace {

using nlohmann::json;
using selftest::Check;
using selftest::Outcome;

// "ok    layers.attention         0.01 s  full and causal attention against double"
std::string line_of(const Outcome& outcome) {
  char times[32];
  std::snprintf(times, sizeof(times), "%6.2f s", outcome.seconds);
  constexpr size_t kColumn = 32;
  std::string name = outcome.name;
  name.resize(std::max(name.size(), kColumn), ' ');
  const std::string line = (outcome.passed ? "ok      " : "FAILED  ") + name + times + "  ";
  return line + (outcome.passed ? outcome.proof : outcome.problem);
}

json outcome_json(const Outcome& outcome) {
  return {{"name", outcome.name},
          {"passed", outcome.passed},
          {"seconds", outcome.seconds},
          {"findings", outcome.findings},
          {"proof", outcome.proof},
          {"problem", outcome.passed ? json(nullptr) : json(outcome.problem)}};
}

int64_t failures_in(const std::vector<Outcome>& outcomes) {
  return std::count_if(outcomes.begin(), outcomes.end(),
                       [](const Outcome& outcome) { return !outcome.passed; });
}

json result_json(const std::vector<Outcome>& outcomes, double seconds) {
  json checks = json::array();
  for (const Outcome& outcome : outcomes) checks.push_back(outcome_json(outcome));
  return {{"success", failures_in(outcomes) == 0},
          {"checks", checks},
          {"failed", failures_in(outcomes)},
          {"seconds", seconds}};
}

// Those whose names start with `area`; all for "".
std::vector<Check> checks_of(const std::string& area) {
  std::vector<Check> chosen = selftest::all_checks();
  std::erase_if(chosen, [&](const Check& check) { return !check.name.starts_with(area); });
  if (!chosen.empty()) return chosen;
  throw Error(ErrorCode::kUsage, "no check's name starts with " + request::in_quotes(area),
              "without a name all checks run and are listed");
}

// The one to make wrong must be among them.
void require_check(const std::string& name, const std::vector<Check>& checks) {
  const auto has_name = [&](const Check& check) { return check.name == name; };
  if (std::any_of(checks.begin(), checks.end(), has_name)) return;
  std::vector<std::string> names;
  for (const Check& check : checks) names.push_back(check.name);
  const auto near = request::nearest_name(name, names);
  throw Error(ErrorCode::kUsage, "--falsify " + request::in_quotes(name) + " is no check that runs",
              near ? "did you mean '" + *near + "'?" : "");
}

int run(const CommandCall& call) {
  const request::Settings settings = gather_fields(call).settings;
  const std::vector<Check> checks = checks_of(call.argument(0));
  const std::string falsified = call.text("falsify");
  if (!falsified.empty()) require_check(falsified, checks);
  util::StopToken stop;
  const SignalGuard guard(stop);
  const util::Stopwatch watch;
  const bool shows_lines = !settings.json;
  const auto outcomes = selftest::run_checks(
      checks, {.falsified_check = falsified,
               .on_outcome =
                   [&](const Outcome& outcome) {
                     const bool is_shown = shows_lines && !(settings.quiet && outcome.passed);
                     if (is_shown) std::cout << line_of(outcome) << std::endl;
                   },
               .stop = &stop});
  const int64_t failed = failures_in(outcomes);
  if (settings.json) {
    std::cout << result_json(outcomes, watch.seconds()).dump(2) << '\n';
  } else if (!settings.quiet || failed > 0) {
    std::printf("%zu checks, %lld failed, %.1f s\n", outcomes.size(),
                static_cast<long long>(failed), watch.seconds());
  }
  return failed == 0 ? 0 : static_cast<int>(ErrorCode::kInternal);
}

}  // namespace

Command selftest_command() {
  return {
      .name = "selftest",
      .summary = "prove that this installation computes right",
      .details =
          "Checks arithmetic, formats, models and whole songs on built-in data: against published "
          "constants,\nplain formulas in double precision, and the reference's numbers. Needs no "
          "models and less than a\nminute; files go to a folder of their own in TMPDIR and are "
          "removed. One line each; exit code 1 when\none fails.",
      .arguments = {{"NAME", "only checks whose names start so, such as layers", false}},
      .options = {{.name = "falsify",
                   .value = "CHECK",
                   .help = "makes what this check measures wrong, to see that it is noticed"}},
      .fields = {"json"},
      .examples = {{"acestep selftest", "everything"},
                   {"acestep selftest song", "whole songs only"},
                   {"acestep selftest --json", "for scripts"}},
      .run = run};
}

}  // namespace acestep::cli
