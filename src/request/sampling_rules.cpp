#include <algorithm>

#include "request/checker.h"
#include "request/family_rules.h"
#include "request/request_fields.h"
#include "request/song_seeds.h"
#include "request/song_values.h"
#include "request/text.h"

namespace acestep::request {
namespace {

constexpr size_t kMostTurboSteps = 20;  // the trained levels of turbo models
constexpr size_t kMostSteps = 200;

void adjust(const Gathered& gathered, Findings& findings, const std::string& field,
            nlohmann::json from, nlohmann::json to, const std::string& why) {
  // The reference's wizard writes its default into every file: nobody asked for it.
  const bool is_wizards =
      field == "guidance_scale" && from == 7.0 && gathered.source_of(field).starts_with("file:");
  if (!is_wizards) {
    findings.adjustments.push_back({field, std::move(from), std::move(to), why});
  }
}

// Turbo models were trained to need no guidance (reference: generate_music.py forces it to 1).
void drop_guidance(Gathered& gathered, Findings& findings) {
  Settings& settings = gathered.settings;
  const std::string why = "turbo models have their guidance built in";
  // What is out of range stays, so that validate() can refuse it.
  const bool is_in_range = settings.guidance_scale &&
                           contains(field_named("guidance_scale").range, *settings.guidance_scale);
  if (is_in_range && *settings.guidance_scale != 1.0) {
    adjust(gathered, findings, "guidance_scale", *settings.guidance_scale, 1.0, why);
    settings.guidance_scale = 1.0;
  }
  if (settings.use_adg) {
    adjust(gathered, findings, "use_adg", true, false, why);
    settings.use_adg = false;
  }
}

void snap_to_trained_levels(Gathered& gathered, Findings& findings) {
  std::vector<double>& levels = gathered.settings.timesteps;
  std::vector<double> snapped = levels;
  while (!snapped.empty() && snapped.back() == 0.0) snapped.pop_back();
  if (snapped.size() > kMostTurboSteps) return;  // a problem: check_sampling() tells it
  for (double& level : snapped) level = nearest_turbo_level(level);
  if (snapped.empty()) return;
  snapped.push_back(0.0);
  const bool same =
      std::equal(levels.begin(), levels.end(), snapped.begin(), snapped.end(),
                 [](double a, double b) { return static_cast<float>(a) == static_cast<float>(b); });
  const bool only_lacks_end = levels.size() + 1 == snapped.size() &&
                              std::equal(levels.begin(), levels.end(), snapped.begin());
  if (!same && !only_lacks_end) {
    adjust(gathered, findings, "timesteps", levels, snapped,
           "the levels that turbo models were trained on");
  }
  levels = std::move(snapped);
}

// Without a last 0 the reference's other models end in noise.
void add_final_zero(Gathered& gathered, Findings& findings) {
  std::vector<double>& levels = gathered.settings.timesteps;
  if (levels.back() == 0.0) return;
  std::vector<double> complete = levels;
  complete.push_back(0.0);
  adjust(gathered, findings, "timesteps", levels, complete, "the song would end in noise");
  levels = std::move(complete);
}

void check_timesteps(Checker& checker, bool is_turbo) {
  std::vector<double> levels = checker.settings().timesteps;
  if (levels.empty()) return;
  while (!levels.empty() && levels.back() == 0.0) levels.pop_back();
  const size_t most = is_turbo ? kMostTurboSteps : kMostSteps;
  if (levels.empty() || levels.size() > most) {
    checker.problem("timesteps", "allowed: 1 … " + std::to_string(most) + " levels above 0");
  }
  // Turbo levels may become equal when they move to the trained ones.
  const bool falls = std::adjacent_find(levels.begin(), levels.end(), [&](double a, double b) {
                       return is_turbo ? a < b : a <= b;
                     }) == levels.end();
  if (!falls) checker.problem("timesteps", "every level must be below the one before");
  for (const char* field : {"inference_steps", "shift"}) {
    if (checker.is_typed(field)) {
      checker.warn(std::string(field) + " has no effect: timesteps are given");
    }
  }
}

void check_retake(Checker& checker) {
  const Settings& settings = checker.settings();
  if (trim(settings.retake_seed).empty()) return;
  if (settings.retake_variance == 0.0 && !settings.edits_flow()) {
    checker.warn("retake_seed has no effect: retake_variance is 0");
  }
  const auto seeds = split_any(settings.retake_seed, ", ");
  const bool are_seeds = std::all_of(seeds.begin(), seeds.end(), is_seed_text);
  if (!are_seeds) checker.problem("retake_seed", "allowed: 0 … 4294967295, commas between");
  if (static_cast<int64_t>(seeds.size()) > settings.batch_size) {
    checker.problem("retake_seed", "more seeds than songs (batch_size is " +
                                       std::to_string(settings.batch_size) + ")");
  }
}

}  // namespace

void adjust_to_family(Gathered& gathered, ModelFamily family, Findings& findings) {
  Settings& settings = gathered.settings;
  if (settings.compat == "reference") return;
  if (settings.infer_method == "sde" && settings.sampler_mode == "heun") {
    adjust(gathered, findings, "sampler_mode", "heun", "euler", "sde steps have no heun form");
    settings.sampler_mode = "euler";
  }
  if (is_turbo(family)) drop_guidance(gathered, findings);
  const bool are_levels =
      std::all_of(settings.timesteps.begin(), settings.timesteps.end(),
                  [](double level) { return contains(field_named("timesteps").range, level); });
  if (settings.timesteps.empty() || !are_levels) return;
  if (is_turbo(family)) {
    snap_to_trained_levels(gathered, findings);
  } else {
    add_final_zero(gathered, findings);
  }
}

void check_sampling(Checker& checker, bool is_turbo) {
  const Settings& settings = checker.settings();
  if (checker.is_compat()) return;
  if (is_turbo && settings.inference_steps > static_cast<int64_t>(kMostTurboSteps)) {
    checker.problem("inference_steps", "allowed on turbo models: 1 … 20");
  }
  if (settings.cfg_interval_start > settings.cfg_interval_end) {
    checker.problem("cfg_interval_start", "must not be above cfg_interval_end");
  }
  check_timesteps(checker, is_turbo);
  check_retake(checker);
}

}  // namespace acestep::request
