// A JSON file of a model folder, read with one complaint per mistake: file, key, found, expected.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace acestep::text {

// One value inside a file and the way to it. Cheap to copy; refers to its JsonFile.
class JsonView final {
 public:
  JsonView(const nlohmann::json& value, std::string origin)
      : value_(&value), origin_(std::move(origin)) {}

  // Members of an object. `find` is empty for an absent member and for null.
  JsonView at(std::string_view key) const;
  std::optional<JsonView> find(std::string_view key) const;

  // The value itself, when it has the type asked for.
  const nlohmann::json& array() const;
  const nlohmann::json& object() const;
  const std::string& string() const;
  int64_t integer(int64_t lowest, int64_t highest) const;
  JsonView item(size_t index) const;

  bool is_string() const { return value_->is_string(); }
  bool is_true(std::string_view key) const;  // a member that is true; absent or null is false
  std::string string_or(std::string_view key, std::string_view otherwise) const;

  // "file: key 'model.vocab'".
  const std::string& origin() const { return origin_; }
  // Throws Error kModel "<origin> <complaint>".
  [[noreturn]] void fail(std::string_view complaint) const;

 private:
  [[noreturn]] void fail_type(std::string_view expected) const;
  std::string origin_of(std::string_view member) const;

  const nlohmann::json* value_;
  std::string origin_;
};

class JsonFile final {
 public:
  // Throws Error kModel when the file is missing, unreadable, too big or not JSON.
  explicit JsonFile(const std::filesystem::path& path);

  JsonView root() const { return JsonView(content_, name_); }

 private:
  std::string name_;
  nlohmann::json content_;
};

}  // namespace acestep::text
