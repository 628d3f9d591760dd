// One check of the self test as data, and what it is given.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "selftest/expect.h"
#include "selftest/workshop.h"
#include "util/stop_token.h"

namespace acestep::selftest {

struct Check {
  std::string name;   // "layers.attention": area and subject
  std::string proof;  // what agrees with what, a few words
  void (*run)(Expect& expect, Workshop& workshop);
};

// All checks, quick ones first.
std::vector<Check> all_checks();

struct Outcome {
  std::string name;
  std::string proof;
  bool passed = false;
  double seconds = 0.0;
  std::string problem = {};  // of a failed check: what was found and what expected
  int64_t findings = 0;      // that were judged
};

struct RunOptions {
  std::string falsified_check = {};  // its finding number `falsified_finding` is made wrong
  int64_t falsified_finding = 1;
  std::function<void(const Outcome&)> on_outcome = {};  // as each check ends
  const util::StopToken* stop = nullptr;                // asked between checks
};

// Runs the checks one after another. A check that throws has failed; the others still run. Throws
// Error only when asked to stop.
std::vector<Outcome> run_checks(const std::vector<Check>& checks, const RunOptions& options = {});

// The checks by area; all_checks() joins them.
std::vector<Check> byte_checks();
std::vector<Check> word_checks();
std::vector<Check> sound_checks();
std::vector<Check> weight_checks();
std::vector<Check> layer_checks();
std::vector<Check> sampling_checks();
std::vector<Check> language_model_checks();
std::vector<Check> song_checks();

}  // namespace acestep::selftest
