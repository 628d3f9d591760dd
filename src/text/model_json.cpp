#include "text/model_json.h"

#include "util/error.h"
#include "util/strict_json.h"

namespace acestep::text {
namespace {

// The largest published tokenizer.json has 14 MB; a tokenizer_config.json that lists all tokens 13
// MB.
constexpr util::JsonLimits kLimits = {.max_bytes = size_t{256} << 20, .max_depth = 32};

}  // namespace

JsonView JsonView::at(std::string_view key) const {
  object();
  const auto member = value_->find(key);
  if (member == value_->end()) fail("lacks the key '" + std::string(key) + "'");
  return JsonView(*member, origin_of(key));
}

std::optional<JsonView> JsonView::find(std::string_view key) const {
  object();
  const auto member = value_->find(key);
  if (member == value_->end() || member->is_null()) return std::nullopt;
  return JsonView(*member, origin_of(key));
}

const nlohmann::json& JsonView::array() const {
  if (!value_->is_array()) fail_type("a list");
  return *value_;
}

const nlohmann::json& JsonView::object() const {
  if (!value_->is_object()) fail_type("an object");
  return *value_;
}

const std::string& JsonView::string() const {
  if (!value_->is_string()) fail_type("a string");
  return value_->get_ref<const std::string&>();
}

int64_t JsonView::integer(int64_t lowest, int64_t highest) const {
  const auto complain = [&] {
    fail_type("an integer from " + std::to_string(lowest) + " to " + std::to_string(highest));
  };
  if (!value_->is_number_integer()) complain();
  const bool is_huge =
      value_->is_number_unsigned() && value_->get<uint64_t>() > static_cast<uint64_t>(INT64_MAX);
  if (is_huge) complain();
  const auto number = value_->get<int64_t>();
  if (number < lowest || number > highest) complain();
  return number;
}

JsonView JsonView::item(size_t index) const {
  const nlohmann::json& list = array();
  if (index >= list.size()) fail("has only " + std::to_string(list.size()) + " items");
  return JsonView(list[index], origin_of(std::to_string(index)));
}

bool JsonView::is_true(std::string_view key) const {
  const std::optional<JsonView> member = find(key);
  if (!member) return false;
  if (!member->value_->is_boolean()) member->fail_type("true or false");
  return member->value_->get<bool>();
}

std::string JsonView::string_or(std::string_view key, std::string_view otherwise) const {
  const std::optional<JsonView> member = find(key);
  return member ? member->string() : std::string(otherwise);
}

void JsonView::fail(std::string_view complaint) const {
  throw Error(ErrorCode::kModel, origin_ + " " + std::string(complaint));
}

void JsonView::fail_type(std::string_view expected) const {
  constexpr size_t kShown = 60;
  const auto replace = nlohmann::json::error_handler_t::replace;
  const bool is_short = !value_->is_structured();
  const std::string found =
      is_short ? value_->dump(-1, ' ', false, replace).substr(0, kShown) : value_->type_name();
  fail("is " + found + ", expected " + std::string(expected));
}

std::string JsonView::origin_of(std::string_view member) const {
  const bool is_root = origin_.find(": key '") == std::string::npos;
  if (is_root) return origin_ + ": key '" + std::string(member) + "'";
  return origin_.substr(0, origin_.size() - 1) + "." + std::string(member) + "'";
}

JsonFile::JsonFile(const std::filesystem::path& path)
    : name_(path.string()), content_(util::read_json_file(path, kLimits, ErrorCode::kModel)) {}

}  // namespace acestep::text
