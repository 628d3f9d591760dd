#include "request/presets.h"

#include <algorithm>

#include "request/family_rules.h"
#include "request/request_fields.h"
#include "request/text.h"

namespace acestep::request {
namespace {

// GenerationParams and GenerationConfig of the reference (acestep/inference.py).
constexpr int64_t kReferenceSteps = 8;
constexpr double kReferenceShift = 1.0;
constexpr int64_t kReferenceBatch = 2;
constexpr double kReferenceGuidance = 7.0;

// The reference's handler takes no more steps than this on turbo models.
constexpr int64_t kReferenceTurboSteps = 8;

struct Preset {
  int64_t inference_steps;
  double shift;
  double guidance_scale;
};

Preset preset_of(ModelFamily family) {
  switch (family) {
    case ModelFamily::kTurbo:
      return {8, 3.0, 1.0};
    case ModelFamily::kTurboShift1:
      return {8, 1.0, 1.0};
    case ModelFamily::kSft:
    case ModelFamily::kBase:
      return {50, 1.0, kReferenceGuidance};
  }
  return {50, 1.0, kReferenceGuidance};
}

template <typename T>
void fill(Gathered& gathered, const std::string& field, T value, const std::string& source) {
  if (gathered.is_given(field)) return;
  put_value(gathered.settings, field_named(field), value);
  gathered.origins[field] = {source, -1};
}

bool is_given_at_least_as_close(const Gathered& gathered, const std::string& field,
                                const std::string& than) {
  const auto one = gathered.origins.find(field);
  const auto other = gathered.origins.find(than);
  if (one == gathered.origins.end()) return false;
  return other == gathered.origins.end() || one->second.rank >= other->second.rank;
}

bool follows_reference(const Gathered& gathered) { return gathered.settings.compat == "reference"; }

// The seeds the user named and the field they came by. A list wins over a single seed unless that
// stands closer; so does a closer `--seed -1`, which takes back the list of a file.
std::vector<int64_t> named_seeds(const Gathered& gathered, std::string& field) {
  const Settings& settings = gathered.settings;
  const bool list_counts = !is_given_at_least_as_close(gathered, "seed", "seeds") ||
                           is_given_at_least_as_close(gathered, "seeds", "seed");
  field = list_counts && !settings.seeds.empty() ? "seeds" : "seed";
  if (field == "seeds") return settings.seeds;
  if (settings.seed.value_or(-1) < 0) return {};
  return {*settings.seed};
}

void match_batch_to_seeds(Gathered& gathered, Findings& findings) {
  Settings& settings = gathered.settings;
  const auto count = static_cast<int64_t>(settings.seeds.size());
  if (count < 2 || count == settings.batch_size) return;
  const auto batch = gathered.origins.find("batch_size");
  const bool batch_was_given = batch != gathered.origins.end() && batch->second.rank >= 0;
  if (follows_reference(gathered) && batch_was_given) return;
  if (batch_was_given) {
    findings.adjustments.push_back({"batch_size", settings.batch_size, count,
                                    std::to_string(count) + " seeds are given, one per song"});
  }
  settings.batch_size = count;
  gathered.origins["batch_size"] = gathered.origins.at("seeds");
}

void apply_reference_preset(Gathered& gathered, ModelFamily family, Findings& findings) {
  fill(gathered, "inference_steps", kReferenceSteps, "preset:reference");
  fill(gathered, "shift", kReferenceShift, "preset:reference");
  fill(gathered, "batch_size", kReferenceBatch, "preset:reference");
  fill(gathered, "guidance_scale", kReferenceGuidance, "preset:reference");
  auto& steps = gathered.settings.inference_steps;
  if (is_turbo(family) && steps > kReferenceTurboSteps) {
    findings.adjustments.push_back({"inference_steps", *steps, kReferenceTurboSteps,
                                    "the reference takes no more on turbo models"});
    steps = kReferenceTurboSteps;
  }
}

}  // namespace

ModelFamily family_of(std::string_view model_name) {
  const std::vector<std::string> words = split_any(to_lower_ascii(model_name), "/\\._-");
  const auto has = [&](const char* word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  if (has("turbo")) return has("shift1") ? ModelFamily::kTurboShift1 : ModelFamily::kTurbo;
  return has("sft") ? ModelFamily::kSft : ModelFamily::kBase;
}

bool is_turbo(ModelFamily family) {
  return family == ModelFamily::kTurbo || family == ModelFamily::kTurboShift1;
}

std::string_view name_of(ModelFamily family) {
  switch (family) {
    case ModelFamily::kTurbo:
      return "turbo";
    case ModelFamily::kTurboShift1:
      return "turbo-shift1";
    case ModelFamily::kSft:
      return "sft";
    case ModelFamily::kBase:
      return "base";
  }
  return "";
}

void apply_preset(Gathered& gathered, ModelFamily family, Findings& findings) {
  if (follows_reference(gathered)) {
    apply_reference_preset(gathered, family, findings);
    return;
  }
  const Preset preset = preset_of(family);
  const std::string source = "preset:" + std::string(name_of(family));
  fill(gathered, "inference_steps", preset.inference_steps, source);
  fill(gathered, "shift", preset.shift, source);
  fill(gathered, "guidance_scale", preset.guidance_scale, source);
  adjust_to_flow_edit(gathered, findings);
  adjust_to_family(gathered, family, findings);
}

void resolve_seed_fields(Gathered& gathered, Findings& findings) {
  Settings& settings = gathered.settings;
  std::string field;
  std::vector<int64_t> seeds = named_seeds(gathered, field);
  const bool asks_random = gathered.is_given("use_random_seed") && settings.use_random_seed;
  if (!seeds.empty() && asks_random) {
    const bool seed_wins = is_given_at_least_as_close(gathered, field, "use_random_seed");
    findings.warnings.push_back(seed_wins
                                    ? "use_random_seed is set, but " + field + " is given and wins"
                                    : field + " is given, but use_random_seed is closer and wins");
    if (!seed_wins) seeds.clear();
  }
  settings.seeds = std::move(seeds);
  settings.use_random_seed = settings.seeds.empty();
  if (field == "seeds" && !settings.seeds.empty()) match_batch_to_seeds(gathered, findings);
  if (!settings.seeds.empty() && !gathered.is_given("seeds")) {
    gathered.origins["seeds"] = gathered.origins.at("seed");
  }
}

}  // namespace acestep::request
