#include "request/request_text.h"

#include <toml++/toml.h>

#include <sstream>

#include "request/request_fields.h"

namespace acestep::request {
namespace {

constexpr const char* kLeftOpen = "auto";

template <typename Visit>
void for_each_given(const Layer& layer, Visit visit) {
  for (const Field& field : all_fields()) {
    const auto given = layer.find(field.name);
    if (given == layer.end()) continue;
    const bool is_open = std::holds_alternative<Unset>(given->second.value);
    visit(field.name, is_open ? Value(std::string(kLeftOpen)) : given->second.value);
  }
}

std::string formatted(const toml::node& node) {
  using enum toml::format_flags;
  std::ostringstream out;
  // Strings on one line, as the wizard of the reference writes them.
  out << toml::toml_formatter{node, allow_unicode_strings};
  return out.str();
}

}  // namespace

std::string to_json_text(const Layer& layer) {
  nlohmann::ordered_json object = nlohmann::ordered_json::object();
  for_each_given(
      layer, [&](const std::string& name, const Value& value) { object[name] = to_json(value); });
  return object.dump(2) + "\n";
}

std::string to_toml_value(const Value& value) {
  return std::visit(
      [](const auto& held) -> std::string {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, Unset>) {
          return formatted(toml::value<std::string>(kLeftOpen));
        } else if constexpr (std::is_same_v<Held, std::vector<int64_t>> ||
                             std::is_same_v<Held, std::vector<double>> ||
                             std::is_same_v<Held, std::vector<std::string>>) {
          toml::array list;
          for (const auto& item : held) list.push_back(item);
          return formatted(list);
        } else {
          return formatted(toml::value<Held>(held));
        }
      },
      value);
}

std::string to_toml_text(const Layer& layer) {
  std::string text;
  for_each_given(layer, [&](const std::string& name, const Value& value) {
    text.append(name).append(" = ").append(to_toml_value(value)).append("\n");
  });
  return text;
}

}  // namespace acestep::request
