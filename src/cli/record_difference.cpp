#include "cli/record_difference.h"

#include <algorithm>

#include "pipeline/record.h"
#include "util/quoted_text.h"

namespace acestep::cli {
namespace {

using nlohmann::json;

std::string shown(const json& value) {
  constexpr size_t kMostBytes = 60;
  if (value.is_null()) return "open";
  if (value.is_string()) return util::in_quotes(value.get<std::string>());
  const std::string text = value.dump();
  return text.size() <= kMostBytes ? text : text.substr(0, kMostBytes) + "…";
}

void compare(const std::string& name, const json& before, const json& after,
             std::vector<std::string>& lines) {
  if (before != after) lines.push_back(name + ": " + shown(before) + " -> " + shown(after));
}

void compare_objects(const std::string& part, const json& before, const json& after,
                     std::vector<std::string>& lines) {
  for (const auto& [key, value] : before.items()) {
    if (after.contains(key)) compare(part + "." + key, value, after.at(key), lines);
  }
}

// A field that is not written down has its default, or was left open.
void compare_requests(const json& before, const json& after, std::vector<std::string>& lines) {
  json old = pipeline::with_defaults(before);
  json now = pipeline::with_defaults(after);
  for (const auto& [key, value] : now.items()) old.emplace(key, nullptr);
  for (const auto& [key, value] : old.items()) now.emplace(key, nullptr);
  compare_objects("request", old, now, lines);
}

// Of what sidecars tell about their run.
void compare_machines(const json& before, const json& after, std::vector<std::string>& lines) {
  for (const char* key : {"device", "threads", "libtorch"}) {
    if (!before.contains(key) || !after.contains(key)) continue;
    compare(key, before.at(key), after.at(key), lines);
  }
}

// Two long lists: where they part.
void compare_codes(const json& before, const json& after, std::vector<std::string>& lines) {
  if (before == after || !before.is_array() || !after.is_array()) return;
  const auto parting = std::mismatch(before.begin(), before.end(), after.begin(), after.end());
  const auto same = std::distance(before.begin(), parting.first);
  lines.push_back("audio_codes: " + std::to_string(before.size()) + " and " +
                  std::to_string(after.size()) + ", another one from the " +
                  std::to_string(same + 1) + ". on");
}

}  // namespace

std::vector<std::string> record_differences(const json& before, const json& after) {
  std::vector<std::string> lines;
  const auto both = [&](const char* key) { return before.contains(key) && after.contains(key); };
  for (const char* key : {"version", "timesteps"}) {
    if (both(key)) compare(key, before.at(key), after.at(key), lines);
  }
  for (const char* key : {"models", "weights", "composition"}) {
    if (both(key)) compare_objects(key, before.at(key), after.at(key), lines);
  }
  for (const char* key : {"adapters", "source"}) {
    compare(key, before.value(key, json()), after.value(key, json()), lines);
  }
  if (both("song")) compare_machines(before.at("song"), after.at("song"), lines);
  if (both("request")) compare_requests(before.at("request"), after.at("request"), lines);
  if (both("audio_codes")) {
    compare_codes(before.at("audio_codes"), after.at("audio_codes"), lines);
  }
  return lines;
}

}  // namespace acestep::cli
