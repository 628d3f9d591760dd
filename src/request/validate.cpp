#include "request/validate.h"

#include <algorithm>

#include "request/checker.h"
#include "request/nearest.h"
#include "request/request_fields.h"
#include "request/text.h"

namespace acestep::request {
namespace {

void check_choice(Checker& checker, const Field& field) {
  if (field.choices.empty()) return;
  const bool is_free_in_compat = checker.is_compat() && field.name == "vocal_language";
  const std::string text = to_text(value_in(checker.settings(), field));
  const auto holds = [&](const auto& list) {
    return std::find(list.begin(), list.end(), text) != list.end();
  };
  if (holds(field.choices) || is_free_in_compat) return;
  const std::string allowed = allowed_choices(text, field.choices);
  checker.problem(field.name,
                  holds(field.later_choices) ? "not supported yet; " + allowed : allowed);
}

void check_range(Checker& checker, const Field& field) {
  // A song lasts as long as its source, whatever a request says.
  if (field.name == "duration" && checker.settings().has_source()) return;
  const ValueRange& range = checker.is_compat() ? field.hard_range : field.range;
  const nlohmann::json value = to_json(value_in(checker.settings(), field));
  const auto is_inside = [&](const nlohmann::json& number) {
    return !number.is_number() || contains(range, number.get<double>());
  };
  const bool fits =
      value.is_array() ? std::all_of(value.begin(), value.end(), is_inside) : is_inside(value);
  if (!fits) checker.problem(field.name, "allowed: " + describe(range));
}

}  // namespace

void validate_fields(const Gathered& gathered, const std::vector<const Field*>& fields,
                     Findings& findings) {
  Checker checker(gathered, findings);
  for (const Field* field : fields) {
    check_choice(checker, *field);
    check_range(checker, *field);
  }
}

void validate(const Gathered& gathered, ModelFamily family, Findings& findings) {
  validate_fields(gathered, supported_fields(), findings);
  Checker checker(gathered, findings);
  check_task(checker, family);
  check_run(checker);
  check_adapters(checker);
  check_review(checker);
  check_song(checker);
  check_sampling(checker, is_turbo(family));
  check_reference(checker);
  check_flow_edit(checker);
}

}  // namespace acestep::request
