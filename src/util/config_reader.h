// Fields of a model's config.json, each with its allowed range.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace acestep::util {

// Every getter throws Error kModel naming the file, the key, what was found and what is allowed. A
// key whose value is null counts as absent. Limits are inclusive.
class ConfigReader final {
 public:
  // Throws Error kModel unless the file holds one JSON object of at most 1 MiB.
  explicit ConfigReader(const std::filesystem::path& file);
  ConfigReader(ConfigReader&&) noexcept;
  ConfigReader& operator=(ConfigReader&&) noexcept;
  ~ConfigReader();

  // What messages call the file: its path.
  const std::string& file_name() const { return file_name_; }
  bool has(std::string_view key) const;

  int64_t integer(std::string_view key, int64_t min, int64_t max) const;
  int64_t integer_or(std::string_view key, int64_t fallback, int64_t min, int64_t max) const;
  // Also takes whole numbers.
  double number(std::string_view key, double min, double max) const;
  double number_or(std::string_view key, double fallback, double min, double max) const;
  bool boolean(std::string_view key) const;
  bool boolean_or(std::string_view key, bool fallback) const;
  std::string string(std::string_view key) const;
  std::string string_or(std::string_view key, std::string_view fallback) const;

  // Lists of 1 to `max_count` entries.
  std::vector<int64_t> integers(std::string_view key, int64_t min, int64_t max,
                                size_t max_count) const;
  std::vector<std::string> strings(std::string_view key, size_t max_count) const;

  // An object whose names are whole numbers 0 … `max_index` and whose values are lists of them:
  // {"2": [6], "3": [10, 11]}.
  std::map<int64_t, std::vector<int64_t>> indexed_integers(std::string_view key, int64_t max_index,
                                                           int64_t min, int64_t max) const;

  // For rules that join several fields: throws Error kModel "<file>: <key> is <value>, <expected>".
  [[noreturn]] void refuse(std::string_view key, std::string_view expected) const;

 private:
  // nullptr when absent.
  const nlohmann::json* find(std::string_view key) const;
  const nlohmann::json& list(std::string_view key, size_t max_count) const;
  [[noreturn]] void fail(std::string_view key, const std::string& found,
                         const std::string& expected) const;

  std::string file_name_;
  std::unique_ptr<const nlohmann::json> root_;
};

}  // namespace acestep::util
