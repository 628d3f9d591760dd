#include "util/config_reader.h"

#include <charconv>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

#include "util/error.h"
#include "util/strict_json.h"

namespace acestep::util {
namespace {

using nlohmann::json;

constexpr size_t kMaxShownCharacters = 80;

std::string shown(const json& value) {
  std::string text = value.dump(-1, ' ', true, json::error_handler_t::replace);
  if (text.size() > kMaxShownCharacters) {
    text.resize(kMaxShownCharacters);
    text += "...";
  }
  return text;
}

template <typename Number>
std::string range_text(const char* kind, Number min, Number max) {
  std::ostringstream text;
  text << "expected " << kind << " from " << min << " to " << max;
  return text.str();
}

bool is_integer_within(const json& value, int64_t min, int64_t max) {
  if (!value.is_number_integer()) return false;
  const bool exceeds_signed =
      value.is_number_unsigned() &&
      value.get<uint64_t>() > static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
  return !exceeds_signed && value.get<int64_t>() >= min && value.get<int64_t>() <= max;
}

bool is_number_within(const json& value, double min, double max) {
  return value.is_number() && value.get<double>() >= min && value.get<double>() <= max;
}

}  // namespace

ConfigReader::ConfigReader(const std::filesystem::path& file)
    : file_name_(file.string()),
      root_(std::make_unique<const json>(read_json_file(file, {}, ErrorCode::kModel))) {
  if (!root_->is_object()) throw Error(ErrorCode::kModel, file_name_ + ": is not a JSON object");
}

ConfigReader::ConfigReader(ConfigReader&&) noexcept = default;
ConfigReader& ConfigReader::operator=(ConfigReader&&) noexcept = default;
ConfigReader::~ConfigReader() = default;

const json* ConfigReader::find(std::string_view key) const {
  const auto place = root_->find(key);
  return place == root_->end() || place->is_null() ? nullptr : &*place;
}

void ConfigReader::fail(std::string_view key, const std::string& found,
                        const std::string& expected) const {
  throw Error(ErrorCode::kModel,
              file_name_ + ": " + std::string(key) + " is " + found + ", " + expected,
              "Restore the config.json that was published with the model.");
}

void ConfigReader::refuse(std::string_view key, std::string_view expected) const {
  const json* value = find(key);
  fail(key, value ? shown(*value) : "missing", std::string(expected));
}

bool ConfigReader::has(std::string_view key) const { return find(key) != nullptr; }

int64_t ConfigReader::integer(std::string_view key, int64_t min, int64_t max) const {
  const json* value = find(key);
  if (!value || !is_integer_within(*value, min, max)) {
    refuse(key, range_text("a whole number", min, max));
  }
  return value->get<int64_t>();
}

int64_t ConfigReader::integer_or(std::string_view key, int64_t fallback, int64_t min,
                                 int64_t max) const {
  return has(key) ? integer(key, min, max) : fallback;
}

double ConfigReader::number(std::string_view key, double min, double max) const {
  const json* value = find(key);
  if (!value || !is_number_within(*value, min, max)) refuse(key, range_text("a number", min, max));
  return value->get<double>();
}

double ConfigReader::number_or(std::string_view key, double fallback, double min,
                               double max) const {
  return has(key) ? number(key, min, max) : fallback;
}

bool ConfigReader::boolean(std::string_view key) const {
  const json* value = find(key);
  if (!value || !value->is_boolean()) refuse(key, "expected true or false");
  return value->get<bool>();
}

bool ConfigReader::boolean_or(std::string_view key, bool fallback) const {
  return has(key) ? boolean(key) : fallback;
}

std::string ConfigReader::string(std::string_view key) const {
  const json* value = find(key);
  if (!value || !value->is_string()) refuse(key, "expected a string");
  return value->get<std::string>();
}

std::string ConfigReader::string_or(std::string_view key, std::string_view fallback) const {
  return has(key) ? string(key) : std::string(fallback);
}

const json& ConfigReader::list(std::string_view key, size_t max_count) const {
  const json* value = find(key);
  if (!value || !value->is_array() || value->empty() || value->size() > max_count) {
    refuse(key, "expected a list of 1 to " + std::to_string(max_count) + " entries");
  }
  return *value;
}

std::vector<int64_t> ConfigReader::integers(std::string_view key, int64_t min, int64_t max,
                                            size_t max_count) const {
  std::vector<int64_t> result;
  for (const json& entry : list(key, max_count)) {
    if (!is_integer_within(entry, min, max)) {
      refuse(key, range_text("whole numbers", min, max));
    }
    result.push_back(entry.get<int64_t>());
  }
  return result;
}

std::map<int64_t, std::vector<int64_t>> ConfigReader::indexed_integers(std::string_view key,
                                                                       int64_t max_index,
                                                                       int64_t min,
                                                                       int64_t max) const {
  const std::string expected = range_text("lists of whole numbers", min, max) + " by index 0 to " +
                               std::to_string(max_index);
  const json* value = find(key);
  if (!value || !value->is_object() || value->empty()) refuse(key, expected);
  std::map<int64_t, std::vector<int64_t>> result;
  for (const auto& [name, list] : value->items()) {
    int64_t index = -1;
    const auto end = std::from_chars(name.data(), name.data() + name.size(), index);
    const bool is_index = end.ec == std::errc() && end.ptr == name.data() + name.size() &&
                          index >= 0 && index <= max_index;
    if (!is_index || !list.is_array() || list.empty()) refuse(key, expected);
    for (const json& entry : list) {
      if (!is_integer_within(entry, min, max)) refuse(key, expected);
      result[index].push_back(entry.get<int64_t>());
    }
  }
  return result;
}

std::vector<std::string> ConfigReader::strings(std::string_view key, size_t max_count) const {
  std::vector<std::string> result;
  for (const json& entry : list(key, max_count)) {
    if (!entry.is_string()) refuse(key, "expected a list of strings");
    result.push_back(entry.get<std::string>());
  }
  return result;
}

}  // namespace acestep::util
