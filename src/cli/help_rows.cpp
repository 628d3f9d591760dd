#include "cli/help_rows.h"

#include <algorithm>

#include "request/text.h"

namespace acestep::cli {

using request::Field;
using request::FieldType;

std::string option_name(const Field& field) {
  std::string text;
  if (field.short_name != 0) text.append({'-', field.short_name, ',', ' '});
  const request::Value value = default_of(field);
  const bool* switched = std::get_if<bool>(&value);
  text += switched != nullptr && *switched ? "--[no-]" : "--";
  return text + field.name;
}

std::string value_name(const Field& field) {
  switch (field.type) {
    case FieldType::kBool:
      return "";
    case FieldType::kInteger:
    case FieldType::kReal:
      return "N";
    case FieldType::kIntegerList:
    case FieldType::kRealList:
      return "N,N,…";
    case FieldType::kText:
      return field.choices.empty() ? "TEXT" : "NAME";
  }
  return "";
}

std::string allowed_values(const Field& field) {
  if (field.type == FieldType::kBool) return "";
  if (!field.choices.empty()) return request::listed(field.choices, 12);
  const std::string bounds = describe(field.range);
  if (!bounds.empty()) return bounds;
  return field.type == FieldType::kText ? "text" : std::string(describe(field.type));
}

std::string default_text(const Field& field) {
  if (!field.default_note.empty()) return field.default_note;
  const request::Value value = default_of(field);
  if (const bool* truth = std::get_if<bool>(&value)) return *truth ? "on" : "off";
  return request::to_text(value);
}

std::vector<std::string> environment_names(const Field& field) {
  std::string own = "ACESTEP_" + field.name;
  std::transform(own.begin(), own.end(), own.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  std::vector<std::string> names = field.environment;
  names.push_back(own);
  return names;
}

const std::vector<ExitCodeRow>& exit_code_rows() {
  static const std::vector<ExitCodeRow> rows = {
      {0, "done"},
      {1, "a mistake inside acestep"},
      {2, "options or request values are wrong"},
      {3, "a model is missing, incomplete or of the wrong shape"},
      {4, "an input file is missing or unreadable"},
      {5, "out of memory"},
      {6, "the output cannot be written"},
      {7, "the result was rejected: not finite, or silent"},
      {130, "stopped by Ctrl-C"},
      {143, "stopped by SIGTERM"},
  };
  return rows;
}

}  // namespace acestep::cli
