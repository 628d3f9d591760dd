#include "cli/command.h"

#include <algorithm>
#include <utility>

#include "request/field.h"
#include "request/nearest.h"
#include "request/request_fields.h"
#include "request/text.h"
#include "request/value.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

using request::FieldType;

template <typename Number>
Number number_of(const std::string& option, FieldType type, const std::string& text,
                 const request::ValueRange& range) {
  const auto value = request::value_from_text(type, text);
  const Number* number = value ? std::get_if<Number>(&*value) : nullptr;
  if (number != nullptr && request::contains(range, static_cast<double>(*number))) return *number;
  throw Error(ErrorCode::kUsage, "--" + option + " = " + request::in_quotes(text) + ": expected " +
                                     std::string(request::describe(type)) + ", " +
                                     request::describe(range));
}

}  // namespace

std::string CommandCall::argument(size_t index) const {
  return index < arguments_.size() ? arguments_[index] : std::string();
}

bool CommandCall::is_on(const std::string& option) const {
  const auto given = options_.find(option);
  if (given == options_.end()) return false;
  const auto value = request::value_from_text(FieldType::kBool, given->second.back());
  const bool* truth = value ? std::get_if<bool>(&*value) : nullptr;
  if (truth != nullptr) return *truth;
  throw Error(ErrorCode::kUsage, "--" + option + " = " + request::in_quotes(given->second.back()) +
                                     ": expected true or false");
}

std::string CommandCall::text(const std::string& option, const std::string& fallback) const {
  const auto given = options_.find(option);
  return given == options_.end() ? fallback : given->second.back();
}

std::vector<std::string> CommandCall::texts(const std::string& option) const {
  const auto given = options_.find(option);
  return given == options_.end() ? std::vector<std::string>() : given->second;
}

int64_t CommandCall::integer(const std::string& option, int64_t fallback, int64_t min,
                             int64_t max) const {
  if (!has(option)) return fallback;
  return number_of<int64_t>(option, FieldType::kInteger, text(option),
                            {static_cast<double>(min), static_cast<double>(max)});
}

double CommandCall::real(const std::string& option, double fallback, double min, double max) const {
  if (!has(option)) return fallback;
  return number_of<double>(option, FieldType::kReal, text(option), {min, max});
}

void CommandCall::add_option(const CommandOption& option, std::vector<std::string> texts) {
  const auto& choices = option.choices;
  for (const std::string& text : texts) {
    const bool fits =
        choices.empty() || std::find(choices.begin(), choices.end(), text) != choices.end();
    if (fits) continue;
    throw Error(ErrorCode::kUsage, "--" + option.name + " = " + request::in_quotes(text) + ": " +
                                       request::allowed_choices(text, choices));
  }
  options_[option.name] = std::move(texts);
}

std::vector<std::string> log_field_names() {
  return {"quiet", "verbose", "log_level", "log_file", "log_format", "color"};
}

std::vector<std::string> terminal_field_names() {
  std::vector<std::string> names = log_field_names();
  names.insert(names.begin(), "json");
  return names;
}

std::vector<std::string> model_field_names() {
  std::vector<std::string> names = {"checkpoint_dir", "project_root", "config_path",
                                    "lm_model_path"};
  for (const std::string& name : terminal_field_names()) names.push_back(name);
  return names;
}

std::vector<std::string> machine_field_names() {
  std::vector<std::string> names = {
      "json",           "strict",       "progress",    "force",          "generation_timeout",
      "checkpoint_dir", "project_root", "config_path", "vae_checkpoint", "device",
      "dtype",          "threads",      "compat"};
  for (const request::Field* field : request::supported_fields()) {
    if (field->group == request::FieldGroup::kMemory) names.push_back(field->name);
  }
  return names;
}

}  // namespace acestep::cli
