#include "adapters/peft_config.h"

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "util/error.h"
#include "util/quoted_text.h"
#include "util/strict_json.h"

namespace acestep::adapters {
namespace {

using nlohmann::json;

constexpr int64_t kMostRank = 65536;
constexpr double kMostAlpha = 1e6;

// The getters throw Error kInput naming file, key, found and expected; a key that is null is
// absent.
class Reader final {
 public:
  Reader(json object, std::string name) : object_(std::move(object)), name_(std::move(name)) {
    if (!object_.is_object()) {
      throw Error(ErrorCode::kInput, name_ + ": is no JSON object", kAgain);
    }
  }

  const json* find(const char* key) const {
    const auto found = object_.find(key);
    return found == object_.end() || found->is_null() ? nullptr : &*found;
  }

  bool is_true(const char* key) const {
    const json* value = find(key);
    if (value == nullptr) return false;
    if (!value->is_boolean()) refuse(key, *value, "true or false");
    return value->get<bool>();
  }

  int64_t rank(const char* key, const json& value) const {
    const bool fits = value.is_number_integer() && value >= 1 && value <= kMostRank;
    if (!fits) refuse(key, value, "a whole number 1 … " + std::to_string(kMostRank));
    return value.get<int64_t>();
  }

  double alpha(const char* key, const json& value) const {
    const bool fits = value.is_number() && std::abs(value.get<double>()) <= kMostAlpha;
    if (!fits) refuse(key, value, "a number");
    return value.get<double>();
  }

  // An object of such values; empty where it is absent.
  template <typename Number, typename Read>
  std::map<std::string, Number> pattern(const char* key, Read read) const {
    std::map<std::string, Number> numbers;
    const json* object = find(key);
    if (object == nullptr) return numbers;
    if (!object->is_object()) refuse(key, *object, "an object");
    for (const auto& [module, value] : object->items()) {
      // Dots stand for themselves in practice, and for any letter in PEFT.
      if (module.find_first_of("^$*+?()[]{}|\\") != std::string::npos) {
        refuse(key, module, "names of modules: regular expressions are not read");
      }
      numbers[module] = read(key, value);
    }
    return numbers;
  }

  [[noreturn]] void refuse(const char* key, const json& value, const std::string& expected) const {
    const std::string found = value.is_string() ? value.get<std::string>() : value.dump();
    throw Error(ErrorCode::kInput,
                name_ + ": " + key + " is " + util::in_quotes(found) + ", expected " + expected,
                kAgain);
  }

 private:
  static constexpr char kAgain[] =
      "Copy the adapter's files again, or save it anew with a current PEFT.";

  json object_;
  std::string name_;
};

Method method_in(const Reader& reader) {
  const json* type = reader.find("peft_type");
  if (type != nullptr && *type == "LORA") return Method::kLora;
  if (type != nullptr && *type == "LOKR") return Method::kLokr;
  reader.refuse("peft_type", type == nullptr ? json() : *type,
                "LORA (DoRA is one, too) or LOKR: other methods are not read");
}

bool is_empty(const json& value) { return value.empty() || value == "none" || value == false; }

// What would be lost if the products alone were merged.
void refuse_more_than_products(const Reader& reader) {
  constexpr std::array<const char*, 8> kKeys = {"bias",
                                                "modules_to_save",
                                                "lora_bias",
                                                "fan_in_fan_out",
                                                "use_qalora",
                                                "layer_replication",
                                                "trainable_token_indices",
                                                "alora_invocation_tokens"};
  for (const char* key : kKeys) {
    const json* value = reader.find(key);
    if (value == nullptr || is_empty(*value)) continue;
    reader.refuse(key, *value, "none: only changes of weights are merged");
  }
}

// PEFT takes the first of its patterns that fits; of several the longest is the one that is meant.
template <typename Number>
std::optional<Number> matching(const std::map<std::string, Number>& pattern,
                               std::string_view module) {
  std::optional<Number> found;
  std::size_t length = 0;
  for (const auto& [key, number] : pattern) {
    const bool fits = module == key || module.ends_with("." + key);
    if (!fits || key.size() < length) continue;
    found = number;
    length = key.size();
  }
  return found;
}

}  // namespace

int64_t PeftConfig::rank_of(std::string_view module) const {
  return matching(rank_pattern, module).value_or(rank);
}

double PeftConfig::factor_of(std::string_view module) const {
  const double own_alpha = matching(alpha_pattern, module).value_or(alpha);
  const auto own_rank = static_cast<double>(rank_of(module));
  return own_alpha / (divides_by_root ? std::sqrt(own_rank) : own_rank);
}

PeftConfig parse_peft_config(std::string_view text, const std::string& name) {
  const Reader reader(util::parse_json(text, name, {}, ErrorCode::kInput), name);
  PeftConfig config{.method = method_in(reader)};
  refuse_more_than_products(reader);
  const char* alpha_key = config.method == Method::kLora ? "lora_alpha" : "alpha";
  if (const json* rank = reader.find("r")) config.rank = reader.rank("r", *rank);
  if (const json* alpha = reader.find(alpha_key)) config.alpha = reader.alpha(alpha_key, *alpha);
  config.divides_by_root = reader.is_true("use_rslora");
  config.has_magnitudes = reader.is_true("use_dora");
  config.rank_pattern = reader.pattern<int64_t>(
      "rank_pattern", [&](const char* key, const json& value) { return reader.rank(key, value); });
  config.alpha_pattern = reader.pattern<double>(
      "alpha_pattern",
      [&](const char* key, const json& value) { return reader.alpha(key, value); });
  return config;
}

}  // namespace acestep::adapters
