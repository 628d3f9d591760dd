#include "selftest/check.h"

#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>

#include <exception>

#include "util/stopwatch.h"

namespace acestep::selftest {
namespace {

Outcome run_check(const Check& check, const RunOptions& options, Workshop& workshop) {
  const bool is_falsified = check.name == options.falsified_check;
  Expect expect(is_falsified ? options.falsified_finding : 0);
  Outcome outcome{.name = check.name, .proof = check.proof};
  const util::Stopwatch watch;
  try {
    check.run(expect, workshop);
    outcome.passed = true;
  } catch (const Error& error) {
    outcome.problem = error.message();
  } catch (const std::exception& error) {
    outcome.problem = error.what();
  }
  outcome.seconds = watch.seconds();
  outcome.findings = expect.findings();
  return outcome;
}

// One thread for a while: tiny models are too small for more, and waiting for busy cores takes
// longer than the work.
class SingleThread {
 public:
  SingleThread() { at::set_num_threads(1); }
  ~SingleThread() { at::set_num_threads(before_); }
  SingleThread(const SingleThread&) = delete;
  SingleThread& operator=(const SingleThread&) = delete;

 private:
  int before_ = at::get_num_threads();
};

}  // namespace

std::vector<Check> all_checks() {
  std::vector<Check> all;
  for (const auto& area :
       {byte_checks(), word_checks(), sound_checks(), weight_checks(), layer_checks(),
        sampling_checks(), language_model_checks(), song_checks()}) {
    all.insert(all.end(), area.begin(), area.end());
  }
  return all;
}

std::vector<Outcome> run_checks(const std::vector<Check>& checks, const RunOptions& options) {
  const c10::InferenceMode inference;
  const SingleThread single_thread;
  Workshop workshop;
  std::vector<Outcome> outcomes;
  for (const Check& check : checks) {
    if (options.stop != nullptr) options.stop->throw_if_stopped();
    outcomes.push_back(run_check(check, options, workshop));
    if (options.on_outcome) options.on_outcome(outcomes.back());
  }
  return outcomes;
}

}  // namespace acestep::selftest
