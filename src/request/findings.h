// What was noticed while a request was read: warnings, changed values, and problems that stop it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace acestep::request {

// A value that is not the one asked for, and why; --strict turns it into an error.
struct Adjustment {
  std::string field;
  nlohmann::json from;
  nlohmann::json to;
  std::string why;
};

nlohmann::json to_json(const Adjustment& adjustment);
std::string to_text(const Adjustment& adjustment);

struct Findings {
  std::vector<std::string> warnings = {};
  std::vector<std::string> problems = {};  // each names field, value and what is allowed
  std::vector<Adjustment> adjustments = {};
};

// Adds all of `more` behind what is there.
void append(Findings& findings, const Findings& more);

// Throws Error kUsage with all problems, one per line; returns when there are none.
void throw_problems(const Findings& findings);

}  // namespace acestep::request
