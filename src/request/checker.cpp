#include "request/checker.h"

#include "request/request_fields.h"
#include "request/text.h"

namespace acestep::request {

bool Checker::is_typed(const std::string& field) const {
  const std::string source = gathered_.source_of(field);
  return source == "cli" || source.starts_with("env:");
}

void Checker::problem(const std::string& field, const std::string& allowed) {
  const Value value = value_in(settings(), field_named(field));
  findings_.problems.push_back(field + " = " + in_quotes(to_text(value)) + " (" +
                               gathered_.source_of(field) + "): " + allowed);
}

void Checker::tell_useless(const std::string& field, const std::string& why) {
  if (gathered_.source_of(field) == "cli") {
    problem(field, why);
  } else {
    warn(field + " (" + gathered_.source_of(field) + ") has no effect: " + why);
  }
}

}  // namespace acestep::request
