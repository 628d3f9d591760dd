#include "request/repaint_parts.h"

#include <algorithm>
#include <string_view>

#include "request/text.h"
#include "request/value.h"
#include "util/error.h"

namespace acestep::request {
namespace {

std::optional<double> seconds_in(std::string_view text) {
  const auto value = value_from_text(FieldType::kReal, text);
  const double* number = value ? std::get_if<double>(&*value) : nullptr;
  return number == nullptr ? std::nullopt : std::optional(*number);
}

std::optional<RepaintPart> parse_part(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto start = seconds_in(trim(text.substr(0, colon)));
  const std::string_view end_text = trim(text.substr(colon + 1));
  if (!start) return std::nullopt;
  if (end_text.empty()) return RepaintPart{*start, std::nullopt};
  const auto end = seconds_in(end_text);
  if (!end || *end <= *start) return std::nullopt;
  return RepaintPart{*start, end};
}

bool is_before(const RepaintPart& one, const RepaintPart& other) {
  return one.start_seconds < other.start_seconds;
}

bool overlap(const RepaintPart& one, const RepaintPart& next) {
  return !one.end_seconds || *one.end_seconds > next.start_seconds;
}

}  // namespace

std::optional<std::vector<RepaintPart>> parse_repaint_parts(const std::vector<std::string>& texts) {
  std::vector<RepaintPart> parts;
  for (const std::string& piece : split_any(join(texts, ","), ",; ")) {
    const auto part = parse_part(piece);
    if (!part) return std::nullopt;
    parts.push_back(*part);
  }
  if (parts.empty()) return std::nullopt;
  std::sort(parts.begin(), parts.end(), is_before);
  const bool any = std::adjacent_find(parts.begin(), parts.end(), overlap) != parts.end();
  return any ? std::nullopt : std::optional(parts);
}

std::vector<RepaintPart> repaint_parts(const GenerationRequest& request) {
  if (request.repaint.empty()) {
    const bool is_open = request.repainting_end < 0.0;
    return {
        {request.repainting_start, is_open ? std::nullopt : std::optional(request.repainting_end)}};
  }
  auto parts = parse_repaint_parts(request.repaint);
  ACE_CHECK(parts.has_value());
  return std::move(*parts);
}

}  // namespace acestep::request
