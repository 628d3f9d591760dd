#include "text/lm_output.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "text/python_text.h"
#include "text/unicode_text.h"
#include "text/yaml_reader.h"

namespace acestep::text {
namespace {

constexpr std::array<std::string_view, 5> kTextFields = {"caption", "genres", "keyscale",
                                                         "language", "timesignature"};
constexpr std::array<std::string_view, 2> kNumberFields = {"bpm", "duration"};

template <size_t kCount>
bool holds(const std::array<std::string_view, kCount>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string joined;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) joined += separator;
    joined += parts[i];
  }
  return joined;
}

// One "key: value" with the lines that continue it.
struct Field {
  std::string key;
  std::vector<std::string> lines;
};

bool starts_with_space(const std::string& line) {
  const std::u32string points = to_code_points(line);
  return !points.empty() && is_space(points[0]);
}

std::vector<Field> read_fields(std::string_view text) {
  std::vector<Field> fields;
  for (const std::string& line : split_lines(text)) {
    if (line.empty()) continue;
    const bool is_tag = strip(line).rfind('<', 0) == 0;
    if (is_tag) continue;
    const size_t colon = line.find(':');
    const bool is_indented = line[0] == ' ' || line[0] == '\t';
    if (colon != std::string::npos && !starts_with_space(line)) {
      fields.push_back({to_lower(strip(line.substr(0, colon))), {}});
      const std::string value = line.substr(colon + 1);
      if (!is_blank(value)) fields.back().lines.push_back(value);
    } else if (is_indented && !fields.empty()) {
      fields.back().lines.push_back(line);
    }
  }
  return fields;
}

MetadataValue number_or_text(const std::string& text) {
  if (const std::optional<int64_t> number = parse_integer(text)) return *number;
  return text;
}

MetadataValue reference_value(const Field& field) {
  const std::string text = join(field.lines, "\n");
  if (field.key == "caption") return postprocess_caption(text);
  if (holds(kNumberFields, field.key)) return number_or_text(strip(text));
  return strip(text);
}

MetadataValue fixed_value(const Field& field) {
  if (field.key == "caption") return postprocess_caption(read_yaml_text(field.lines));
  const std::string text = strip(read_yaml_text({field.lines.front()}));
  if (holds(kNumberFields, field.key)) return number_or_text(text);
  return text;
}

std::string thinking_part(std::string_view text) {
  static const Pattern think("<think>(.*?)</think>");
  static const Pattern reasoning("<reasoning>(.*?)</reasoning>");
  std::optional<std::string> part = think.find(text, 1);
  if (!part) part = reasoning.find(text, 1);
  const std::string stripped = part ? strip(*part) : std::string();
  if (!stripped.empty()) return stripped;
  return strip(text.substr(0, text.find("<|audio_code_")));
}

}  // namespace

LmOutput parse_lm_output(std::string_view text, Compat compat) {
  static const Pattern audio_code("<\\|audio_code_\\p{Nd}+\\|>");
  LmOutput output;
  output.audio_codes = join(audio_code.find_all(text), "");
  for (const Field& field : read_fields(thinking_part(text))) {
    const bool is_known = holds(kTextFields, field.key) || holds(kNumberFields, field.key);
    if (!is_known || field.lines.empty()) continue;
    output.metadata[field.key] =
        compat == Compat::kReference ? reference_value(field) : fixed_value(field);
  }
  return output;
}

std::string extract_lyrics(std::string_view text) {
  static const Pattern after_heading("^(?i:#\\s*lyri[c|s]?)\\s*\\n(.*)");
  static const Pattern before_end("^(.*)<\\|im_end\\|>\\s*$");
  constexpr std::string_view kThinkEnd = "</think>";
  const size_t think_end = text.find(kThinkEnd);
  if (think_end == std::string_view::npos) return {};
  std::string lyrics = strip(text.substr(think_end + kThinkEnd.size()));
  lyrics = after_heading.find(lyrics, 1).value_or(lyrics);
  lyrics = before_end.find(lyrics, 1).value_or(lyrics);
  return strip(lyrics);
}

std::string postprocess_caption(std::string_view caption) {
  std::vector<std::string> lines;
  for (const std::string& line : split_lines(caption)) {
    const std::string stripped = strip(line);
    if (!stripped.empty()) lines.push_back(stripped);
  }
  return join(lines, " ");
}

}  // namespace acestep::text
