#include "request/findings.h"

#include "request/text.h"
#include "util/error.h"

namespace acestep::request {

nlohmann::json to_json(const Adjustment& adjustment) {
  return {{"field", adjustment.field},
          {"from", adjustment.from},
          {"to", adjustment.to},
          {"why", adjustment.why}};
}

std::string to_text(const Adjustment& adjustment) {
  const auto plain = [](const nlohmann::json& value) {
    return value.is_string() ? value.get<std::string>() : value.dump();
  };
  return adjustment.field + ": " + plain(adjustment.from) + " -> " + plain(adjustment.to) + " (" +
         adjustment.why + ")";
}

void append(Findings& findings, const Findings& more) {
  const auto add = [](auto& list, const auto& items) {
    list.insert(list.end(), items.begin(), items.end());
  };
  add(findings.warnings, more.warnings);
  add(findings.problems, more.problems);
  add(findings.adjustments, more.adjustments);
}

void throw_problems(const Findings& findings) {
  if (!findings.problems.empty()) {
    throw Error(ErrorCode::kUsage, join(findings.problems, "\n"));
  }
}

}  // namespace acestep::request
