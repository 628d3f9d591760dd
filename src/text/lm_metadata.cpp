#include "text/lm_metadata.h"

#include <array>
#include <string_view>

#include "text/python_text.h"
#include "text/yaml_writer.h"
#include "util/error.h"

namespace acestep::text {
namespace {

constexpr std::array<std::string_view, 6> kCotFields = {"bpm",      "caption",  "duration",
                                                        "keyscale", "language", "timesignature"};

// A time signature in quarters is written by its count alone: "3/4" is "3".
std::string drop_quarters(const std::string& signature) {
  constexpr std::string_view kQuarters = "/4";
  const bool has_quarters =
      signature.size() >= kQuarters.size() &&
      signature.compare(signature.size() - kQuarters.size(), kQuarters.size(), kQuarters) == 0;
  return has_quarters ? signature.substr(0, signature.find('/')) : signature;
}

[[noreturn]] void fail_like_reference(std::string_view key, const std::string& value) {
  throw Error(
      ErrorCode::kUsage,
      "metadata field '" + std::string(key) + "': the reference cannot write '" + value + "'",
      "Leave out --compat reference or change the value.");
}

bool becomes_number(std::string_view key, Compat compat) {
  return compat == Compat::kReference || key == "bpm" || key == "duration" ||
         key == "timesignature";
}

MetadataValue number_from_digits(std::string_view key, const std::string& text, Compat compat) {
  if (!becomes_number(key, compat) || !is_digits(text)) return text;
  if (const std::optional<int64_t> number = parse_integer(text)) return *number;
  // Left are digits that are not decimal, and numbers beyond 64 bits.
  if (compat == Compat::kReference) fail_like_reference(key, text);
  return text;
}

MetadataValue cot_value(std::string_view key, const MetadataValue& value, Compat compat) {
  const auto* text = std::get_if<std::string>(&value);
  const bool is_signature = key == "timesignature";
  if (text == nullptr) {
    if (is_signature && compat == Compat::kReference) fail_like_reference(key, to_text(value));
    return value;
  }
  return number_from_digits(key, is_signature ? drop_quarters(*text) : *text, compat);
}

MetadataValue text_or_empty(const Metadata& metadata, std::string_view key) {
  const auto found = metadata.find(key);
  return found == metadata.end() ? MetadataValue(std::string()) : found->second;
}

MetadataValue without_not_available(MetadataValue value) {
  return is_text(value, kNotAvailable) ? MetadataValue(std::string()) : value;
}

bool says_nothing(const MetadataValue& value) {
  return is_text(value, kNotAvailable) || is_text(value, "");
}

}  // namespace

std::string format_metadata_as_cot(const Metadata& metadata, Compat compat) {
  Metadata written;
  for (const std::string_view key : kCotFields) {
    const MetadataValue& value = value_of(metadata, key);
    if (!is_null(value)) written.emplace(key, cot_value(key, value, compat));
  }
  return "<think>\n" + strip(write_yaml(written)) + "\n</think>";
}

bool has_all_metas(const Metadata& metadata) {
  for (const char* key : {"bpm", "keyscale", "timesignature", "duration"}) {
    if (metadata.count(key) == 0) return false;
  }
  return true;
}

OpenFields fill_from_lm(OpenFields fields, const Metadata& metadata, Compat compat) {
  const auto fill = [&](std::string& field, std::string_view key) {
    const MetadataValue& value = value_of(metadata, key);
    const bool is_known = is_filled(value) && !is_text(value, kNotAvailable);
    if (field.empty() && is_known) field = to_text(value);
  };
  const MetadataValue& bpm = value_of(metadata, "bpm");
  if (!fields.bpm && is_filled(bpm)) fields.bpm = to_integer(bpm);
  fill(fields.keyscale, "keyscale");
  fill(fields.timesignature, "timesignature");

  const bool is_duration_open = !fields.duration || *fields.duration <= 0.0;
  const bool has_duration = metadata.count("duration") != 0;
  const MetadataValue& duration = value_of(metadata, "duration");
  if (is_duration_open && has_duration && !says_nothing(duration)) {
    if (const std::optional<double> seconds = to_float(duration)) fields.duration = seconds;
  }
  if (is_duration_open && !has_duration && compat == Compat::kReference) fields.duration = -1.0;

  const bool is_unknown = compat == Compat::kFixed && fields.vocal_language == "unknown";
  const std::string language = language_from_lm(metadata, compat);
  if ((fields.vocal_language.empty() || is_unknown) && !language.empty()) {
    fields.vocal_language = language;
  }
  fill(fields.caption, "caption");
  fill(fields.lyrics, "lyrics");
  return fields;
}

std::string language_from_lm(const Metadata& metadata, Compat compat) {
  const MetadataValue& named = value_of(metadata, "vocal_language");
  if (is_filled(named)) return to_text(named);
  const MetadataValue& written = value_of(metadata, "language");
  const bool is_known = is_filled(written) && !is_text(written, kNotAvailable);
  return compat == Compat::kFixed && is_known ? to_text(written) : std::string();
}

std::optional<LmSample> to_sample(const Metadata& metadata, const SampleDefaults& defaults) {
  if (metadata.empty()) return std::nullopt;
  const auto or_default = [&](std::string_view key, MetadataValue otherwise) {
    return metadata.count(key) != 0 ? value_of(metadata, key) : otherwise;
  };
  const char* language_key = metadata.count("language") != 0 ? "language" : "vocal_language";
  LmSample sample;
  sample.caption = text_or_empty(metadata, "caption");
  sample.lyrics = or_default("lyrics", defaults.lyrics);
  sample.bpm = to_integer(value_of(metadata, "bpm"));
  sample.duration = to_float(value_of(metadata, "duration"));
  sample.keyscale = without_not_available(text_or_empty(metadata, "keyscale"));
  sample.language = without_not_available(text_or_empty(metadata, language_key));
  sample.timesignature = without_not_available(text_or_empty(metadata, "timesignature"));
  sample.instrumental = or_default("instrumental", defaults.instrumental);
  return sample;
}

}  // namespace acestep::text
