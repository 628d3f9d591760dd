#include "request/adapter_text.h"

#include <charconv>

namespace acestep::request {

AdapterText parse_adapter(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return {std::string(text), std::nullopt};
  const char* end = text.data() + text.size();
  double scale = 0.0;
  const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, scale);
  if (error != std::errc() || stop != end) return {std::string(text), std::nullopt};
  return {std::string(text.substr(0, colon)), scale};
}

std::string to_text(const AdapterText& adapter) {
  if (!adapter.scale) return adapter.path;
  char number[32];
  const auto end = std::to_chars(number, number + sizeof number, *adapter.scale).ptr;
  return adapter.path + ":" + std::string(number, end);
}

}  // namespace acestep::request
