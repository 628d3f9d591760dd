#include "request/field.h"

#include <cmath>
#include <type_traits>

#include "request/text.h"
#include "util/error.h"

namespace acestep::request {
namespace {

template <typename T>
Value value_of(const T& held) {
  return held;
}

template <typename T>
Value value_of(const std::optional<T>& held) {
  return held ? Value(*held) : Value(Unset{});
}

template <typename T>
void assign(T& member, const Value& value) {
  const T* held = std::get_if<T>(&value);
  ACE_CHECK(held != nullptr);
  member = *held;
}

template <typename T>
void assign(std::optional<T>& member, const Value& value) {
  const T* held = std::get_if<T>(&value);
  ACE_CHECK(held != nullptr);
  member = *held;
}

std::string number_text(double number) {
  if (number == std::floor(number) && std::abs(number) < 1e15) {
    return std::to_string(static_cast<int64_t>(number));
  }
  return nlohmann::json(number).dump();
}

}  // namespace

Value value_in(const Settings& settings, const Field& field) {
  return std::visit(
      [&](const auto& member) -> Value {
        if constexpr (std::is_same_v<std::decay_t<decltype(member)>, std::monostate>) {
          return field.later_default;
        } else {
          return value_of(settings.*member);
        }
      },
      field.member);
}

void put_value(Settings& settings, const Field& field, const Value& value) {
  std::visit(
      [&](const auto& member) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(member)>, std::monostate>) {
          if (std::holds_alternative<Unset>(value)) {
            settings.*member = Settings{}.*member;
          } else {
            assign(settings.*member, value);
          }
        }
      },
      field.member);
}

Value default_of(const Field& field) { return value_in(Settings{}, field); }

std::string describe(const ValueRange& range) {
  if (range.min && range.max) {
    const char* open = range.excludes_min ? "above " : "";
    return open + number_text(*range.min) + " … " + number_text(*range.max);
  }
  if (range.min) return (range.excludes_min ? "> " : ">= ") + number_text(*range.min);
  if (range.max) return "<= " + number_text(*range.max);
  return "";
}

bool contains(const ValueRange& range, double number) {
  if (std::isnan(number)) return false;
  if (range.min && (range.excludes_min ? number <= *range.min : number < *range.min)) return false;
  return !range.max || number <= *range.max;
}

std::string describe_allowed(const Field& field) {
  if (!field.choices.empty()) return listed(field.choices);
  const std::string bounds = describe(field.range);
  const std::string type(describe(field.type));
  return bounds.empty() ? type : type + ", " + bounds;
}

}  // namespace acestep::request
