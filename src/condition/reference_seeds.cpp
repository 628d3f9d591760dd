#include "condition/reference_seeds.h"

#include <charconv>
#include <cmath>

namespace acestep::condition {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\n\r\f\v";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::optional<int64_t> parse_seed(std::string_view text) {
  constexpr double kLargest = 9.0e18;  // what an int64_t surely holds
  text = trimmed(text);
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  double value = 0.0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_number = read.ec == std::errc() && read.ptr == text.data() + text.size();
  if (!is_number || !std::isfinite(value) || std::abs(value) > kLargest) return std::nullopt;
  const auto seed = static_cast<int64_t>(value);
  if (seed == -1) return std::nullopt;
  return seed;
}

std::vector<std::optional<int64_t>> parse_list(std::string_view text) {
  std::vector<std::optional<int64_t>> seeds;
  while (true) {
    const auto comma = text.find(',');
    seeds.push_back(parse_seed(text.substr(0, comma)));
    if (comma == std::string_view::npos) return seeds;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace

std::vector<std::optional<int64_t>> reference_seeds(int64_t songs, std::string_view text) {
  std::vector<std::optional<int64_t>> seeds = parse_list(text);
  seeds.resize(static_cast<std::size_t>(songs));
  return seeds;
}

}  // namespace acestep::condition
