// golden_tests: runs every case below ACESTEP_GOLDEN_DIR against this program and prints, per kind,
// how many cases ran, the error closest to its bound and that bound.
//   golden_tests [--filter TEXT] [--verbose]   only cases whose "set/kind/name" contains TEXT
#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <set>

#include "golden/load.h"

namespace acestep::golden {

KindTable all_kinds();

namespace {

struct KindSummary {
  int64_t cases = 0;
  int64_t sub_cases = 0;
  int64_t comparisons = 0;
  int64_t failed = 0;
  double worst_error = 0.0;
  double worst_bound = 0.0;
};

struct Options {
  std::string filter;
  bool verbose = false;
};

std::string variable(const char* name, const std::string& fallback) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : fallback;
}

// Names of the cases ("set/name" or "set/kind/*") in whose place something else stands.
std::set<std::string> read_replaced() {
  std::set<std::string> names;
  std::ifstream in(ACESTEP_GOLDEN_REPLACED);
  for (std::string line; std::getline(in, line);) {
    const auto end = line.find_last_not_of(" \t\r");
    if (line.empty() || line[0] == '#' || end == std::string::npos) continue;
    names.insert(line.substr(0, end + 1));
  }
  return names;
}

bool is_replaced(const std::set<std::string>& names, const CaseRef& ref) {
  return names.count(ref.set + "/" + ref.name) != 0 ||
         names.count(ref.set + "/" + ref.kind + "/*") != 0;
}

void add(KindSummary& summary, const Check& check) {
  ++summary.cases;
  summary.sub_cases += check.sub_cases();
  summary.comparisons += check.comparisons();
  summary.failed += check.failures().empty() ? 0 : 1;
  const auto share = [](double error, double bound) {
    return bound > 0.0 ? error / bound : (error > 0.0 ? 1e30 : 0.0);
  };
  const bool first = summary.worst_bound == 0.0 && summary.worst_error == 0.0;
  if (first || share(check.worst_error(), check.worst_bound()) >
                   share(summary.worst_error, summary.worst_bound)) {
    summary.worst_error = check.worst_error();
    summary.worst_bound = check.worst_bound();
  }
}

void run_case(const CaseRef& ref, const Runner& runner, KindSummary& summary, bool verbose) {
  const Case loaded = load_case(ref);
  Check check(loaded);
  try {
    c10::InferenceMode guard;
    runner(loaded, check);
    check.require_all_compared();
  } catch (const std::exception& error) {
    check.fail(std::string("exception: ") + error.what());
  }
  add(summary, check);
  const std::string label = ref.set + "/" + ref.kind + "/" + ref.name;
  if (verbose) {
    std::printf("  %-58s %5lld compared, error %.2e of %.1e\n", label.c_str(),
                static_cast<long long>(check.comparisons()), check.worst_error(),
                check.worst_bound());
  }
  constexpr std::size_t kShownFailures = 12;
  for (std::size_t i = 0; i < check.failures().size() && i < kShownFailures; ++i) {
    std::printf("FAILED %s: %s\n", label.c_str(), check.failures()[i].c_str());
  }
  if (check.failures().size() > kShownFailures) {
    std::printf("FAILED %s: and %zu more\n", label.c_str(),
                check.failures().size() - kShownFailures);
  }
  std::fflush(stdout);
}

int run(const Options& options) {
  // As the data was made; spinning threads would also slow down tests that run beside this one.
  at::set_num_threads(1);
  const std::string golden =
      variable("ACESTEP_GOLDEN_DIR", std::string(ACESTEP_GOLDEN_DEFAULT) + "/golden");
  const std::string checkpoints =
      variable("ACESTEP_GOLDEN_CHECKPOINTS", std::string(ACESTEP_GOLDEN_DEFAULT) + "/checkpoints");
  const KindTable kinds = all_kinds();
  const std::set<std::string> replaced = read_replaced();
  std::map<std::string, KindSummary> summaries;
  int64_t left_out = 0;
  int64_t unknown = 0;
  for (const CaseRef& ref : find_cases(golden, checkpoints)) {
    const std::string label = ref.set + "/" + ref.kind + "/" + ref.name;
    if (label.find(options.filter) == std::string::npos) continue;
    if (is_replaced(replaced, ref)) {
      std::printf("replaced %s\n", label.c_str());
      ++left_out;
      continue;
    }
    const auto kind = kinds.find(ref.set + "/" + ref.kind);
    if (kind == kinds.end()) {
      std::printf("FAILED %s: unknown kind\n", label.c_str());
      ++unknown;
      continue;
    }
    run_case(ref, kind->second, summaries[kind->first], options.verbose);
  }

  int64_t passed = 0;
  int64_t failed = unknown;
  std::printf("\n%-32s %6s %9s %12s %11s %9s\n", "kind", "cases", "sub-cases", "comparisons",
              "worst error", "bound");
  for (const auto& [kind, s] : summaries) {
    std::printf("%-32s %6lld %9lld %12lld %11.2e %9.1e%s\n", kind.c_str(),
                static_cast<long long>(s.cases), static_cast<long long>(s.sub_cases),
                static_cast<long long>(s.comparisons), s.worst_error, s.worst_bound,
                s.failed != 0 ? "  FAILED" : "");
    passed += s.cases - s.failed;
    failed += s.failed;
  }
  std::printf("\ngolden: %lld passed, %lld failed, %lld replaced\n", static_cast<long long>(passed),
              static_cast<long long>(failed), static_cast<long long>(left_out));
  if (passed + failed == 0) {
    std::printf("no golden case found below %s\n", golden.c_str());
    return 1;
  }
  return failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace acestep::golden

int main(int argc, char** argv) {
  acestep::golden::Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--verbose") {
      options.verbose = true;
    } else if (argument == "--filter" && i + 1 < argc) {
      options.filter = argv[++i];
    } else {
      std::cerr << "usage: golden_tests [--filter TEXT] [--verbose]\n";
      return 2;
    }
  }
  try {
    return acestep::golden::run(options);
  } catch (const std::exception& error) {
    std::cerr << "golden_tests: " << error.what() << "\n";
    return 1;
  }
}
