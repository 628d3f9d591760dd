#include "request/checker.h"
#include "request/family_rules.h"
#include "request/request_fields.h"
#include "request/text.h"

namespace acestep::request {
namespace {

constexpr const char* kEditedTasks = "text2music, cover and cover-nofsq";

// A value that a flow edit cannot follow becomes `off`; told where somebody asked for it.
template <typename T>
void turn_off(Gathered& gathered, Findings& findings, const std::string& field, T& value,
              const T& off) {
  if (value == off) return;
  if (gathered.is_given(field)) {
    findings.adjustments.push_back({field, value, off, "flow_edit_morph does not work with it"});
  }
  value = off;
}

bool has_source(const Settings& settings) {
  const auto names_a_file = [&](const char* field) {
    return !to_text(value_in(settings, field_named(field))).empty();
  };
  return names_a_file("src_audio") || names_a_file("src_latents");
}

void check_window(Checker& checker) {
  const Settings& settings = checker.settings();
  const bool is_empty = checker.is_compat() ? settings.flow_edit_n_min > settings.flow_edit_n_max
                                            : settings.flow_edit_n_min >= settings.flow_edit_n_max;
  if (is_empty) checker.problem("flow_edit_n_min", "must be below flow_edit_n_max");
}

}  // namespace

void adjust_to_flow_edit(Gathered& gathered, Findings& findings) {
  Settings& settings = gathered.settings;
  if (settings.compat == "reference" || !settings.edits_flow()) return;
  turn_off(gathered, findings, "infer_method", settings.infer_method, std::string("ode"));
  turn_off(gathered, findings, "sampler_mode", settings.sampler_mode, std::string("euler"));
  turn_off(gathered, findings, "use_adg", settings.use_adg, false);
  turn_off(gathered, findings, "dcw_enabled", settings.dcw_enabled, false);
  turn_off(gathered, findings, "retake_variance", settings.retake_variance, 0.0);
}

void check_flow_edit(Checker& checker) {
  const Settings& settings = checker.settings();
  if (!settings.flow_edit_morph) {
    for (const char* field : {"flow_edit_source_caption", "flow_edit_source_lyrics",
                              "flow_edit_n_min", "flow_edit_n_max", "flow_edit_n_avg"}) {
      if (checker.is_typed(field)) checker.tell_useless(field, "it needs flow_edit_morph");
    }
    return;
  }
  if (!settings.edits_flow()) {
    const std::string where = std::string("works with the tasks ") + kEditedTasks;
    if (!checker.is_compat()) return checker.problem("flow_edit_morph", where);
    return checker.warn("flow_edit_morph has no effect: it " + where);
  }
  if (!has_source(settings)) {
    checker.problem("flow_edit_morph", "needs src_audio, the sound that is to be changed");
  }
  check_window(checker);
  const bool says_nothing = trim(settings.flow_edit_source_caption).empty() &&
                            trim(settings.flow_edit_source_lyrics).empty();
  if (says_nothing) {
    checker.warn(
        "flow_edit_source_caption and flow_edit_source_lyrics are empty: say what the source "
        "sounds like now, so that the difference to caption and lyrics is known");
  }
}

}  // namespace acestep::request
