#include "request/validate.h"

#include <algorithm>

#include "request/keyscale.h"
#include "request/request_fields.h"
#include "request/song_values.h"
#include "request/text.h"

namespace acestep::request {
namespace {

class Checker {
 public:
  Checker(const Gathered& gathered, ModelFamily family, Findings& findings)
      : gathered_(gathered),
        settings_(gathered.settings),
        family_(family),
        findings_(findings),
        is_compat_(gathered.settings.compat == "reference") {}

  void check_field(const Field& field) {
    if (field.support != FieldSupport::kNow) return;
    check_choice(field);
    check_range(field);
  }

  void check_rules() {
    check_device();
    check_seeds();
    check_output();
    if (settings_.global_seed && !is_compat_) {
      tell_useless("global_seed", "it needs --compat reference");
    }
    if (to_lower_ascii(trim(settings_.lyrics)) == "generate") {
      problem("lyrics", "lyrics written by the language model are not supported yet");
    }
    if (is_compat_) return;
    check_metadata();
    check_turbo_steps();
    check_text();
  }

 private:
  void problem(const std::string& field, const std::string& allowed) {
    const Value value = value_in(settings_, field_named(field));
    findings_.problems.push_back(field + " = " + in_quotes(to_text(value)) + " (" +
                                 gathered_.source_of(field) + "): " + allowed);
  }

  // An option without effect is a mistake on the command line and harmless in a file.
  void tell_useless(const std::string& field, const std::string& why) {
    if (gathered_.source_of(field) == "cli") {
      problem(field, why);
    } else {
      findings_.warnings.push_back(field + " (" + gathered_.source_of(field) +
                                   ") has no effect: " + why);
    }
  }

  void check_choice(const Field& field) {
    if (field.choices.empty()) return;
    const bool is_free_in_compat = is_compat_ && field.name == "vocal_language";
    const std::string text = to_text(value_in(settings_, field));
    const auto holds = [&](const auto& list) {
      return std::find(list.begin(), list.end(), text) != list.end();
    };
    if (holds(field.choices) || is_free_in_compat) return;
    const std::string allowed = "allowed: " + listed(field.choices);
    problem(field.name, holds(field.later_choices) ? "not supported yet; " + allowed : allowed);
  }

  void check_range(const Field& field) {
    const ValueRange& range = is_compat_ ? field.hard_range : field.range;
    const nlohmann::json value = to_json(value_in(settings_, field));
    const auto is_inside = [&](const nlohmann::json& number) {
      return !number.is_number() || contains(range, number.get<double>());
    };
    const bool fits =
        value.is_array() ? std::all_of(value.begin(), value.end(), is_inside) : is_inside(value);
    if (!fits) problem(field.name, "allowed: " + describe(range));
  }

  void check_metadata() {
    const auto& keys = keyscales();
    const bool knows_key = std::find(keys.begin(), keys.end(), settings_.keyscale) != keys.end();
    if (!settings_.keyscale.empty() && !knows_key) {
      problem("keyscale", "allowed: A-G, then nothing, #, b, ♯ or ♭, then major or minor");
    }
    const std::string& beats = settings_.timesignature;
    const auto& signatures = time_signatures();
    const bool knows_beats =
        std::find(signatures.begin(), signatures.end(), beats) != signatures.end();
    if (!beats.empty() && !knows_beats) {
      problem("timesignature", "allowed: 2, 3, 4, 6 (or 2/4, 3/4, 4/4, 6/8)");
    }
  }

  void check_turbo_steps() {
    constexpr int64_t kMaxTurboSteps = 20;  // the trained timesteps of turbo models
    if (family_ != ModelFamily::kOther && settings_.inference_steps > kMaxTurboSteps) {
      problem("inference_steps", "allowed on turbo models: 1 … 20");
    }
  }

  void check_text() {
    constexpr size_t kAdvisedCaption = 512;  // acestep/inference.py; real requests reach 724
    constexpr size_t kAdvisedLyrics = 4096;
    if (trim(settings_.caption).empty() && trim(settings_.lyrics).empty()) {
      findings_.problems.push_back(
          "caption and lyrics are both empty: text2music needs at least one of them");
    }
    advise("caption", count_characters(settings_.caption), kAdvisedCaption);
    advise("lyrics", count_characters(settings_.lyrics), kAdvisedLyrics);
  }

  void advise(const std::string& field, size_t characters, size_t advised) {
    if (characters < advised) return;
    findings_.warnings.push_back(field + " has " + std::to_string(characters) +
                                 " characters; below " + std::to_string(advised) + " is advised");
  }

  void check_device() {
    const std::string& device = settings_.device;
    if (device == "auto" || device == "cpu" || device == "cuda") return;
    const std::string_view number =
        device.starts_with("cuda:") ? std::string_view(device).substr(5) : std::string_view();
    const bool is_number = !number.empty() && number.size() <= 3 &&
                           number.find_first_not_of("0123456789") == std::string_view::npos;
    if (!is_number) problem("device", "allowed: auto, cpu, cuda, cuda:N");
  }

  void check_seeds() {
    constexpr int64_t kLargestSeed = 4294967295;
    if (settings_.seeds.size() != 1 || settings_.seed_mode != "increment" || is_compat_) return;
    if (settings_.seeds[0] + settings_.batch_size - 1 > kLargestSeed) {
      problem("seed", "the seeds of " + std::to_string(settings_.batch_size) +
                          " songs would pass 4294967295");
    }
  }

  void check_output() {
    const bool is_template = settings_.output.find('{') != std::string::npos;
    if (!settings_.output.empty() && !is_template && settings_.batch_size > 1) {
      problem("output", "names one file, but batch_size is " +
                            std::to_string(settings_.batch_size) +
                            "; put {index} or {seed} into it");
    }
    if (settings_.name_template.empty()) problem("name_template", "must not be empty");
  }

  const Gathered& gathered_;
  const Settings& settings_;
  const ModelFamily family_;
  Findings& findings_;
  const bool is_compat_;
};

}  // namespace

void validate_fields(const Gathered& gathered, const std::vector<const Field*>& fields,
                     Findings& findings) {
  Checker checker(gathered, ModelFamily::kOther, findings);
  for (const Field* field : fields) checker.check_field(*field);
}

void validate(const Gathered& gathered, ModelFamily family, Findings& findings) {
  Checker checker(gathered, family, findings);
  for (const Field& field : all_fields()) checker.check_field(field);
  checker.check_rules();
}

}  // namespace acestep::request
