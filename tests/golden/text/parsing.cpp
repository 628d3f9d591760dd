#include <map>
#include <optional>
#include <stdexcept>
#include <string>

#include "golden/text/metadata_json.h"
#include "golden/text/runners.h"
#include "text/lm_budget.h"
#include "text/lm_metadata.h"
#include "text/lm_output.h"
#include "text/lm_prompt.h"
#include "util/error.h"

namespace acestep::golden {
namespace {

using nlohmann::json;
using text::Compat;

std::optional<double> number_or_none(const json& value) {
  if (value.is_null()) return std::nullopt;
  return value.get<double>();
}

template <typename Value>
json or_null(const std::optional<Value>& value) {
  return value ? json(*value) : json();
}

void check_parse(const std::string& label, const json& entry, Check& check) {
  const text::LmOutput output =
      text::parse_lm_output(entry.at("in").get<std::string>(), Compat::kReference);
  check.equal(label + " metadata", to_json(output.metadata), entry.at("metadata"));
  check.equal(label + " codes", output.audio_codes, entry.at("codes"));
}

void check_lyrics(const std::string& label, const json& entry, Check& check) {
  check.equal(label, text::extract_lyrics(entry.at("in").get<std::string>()), entry.at("out"));
}

void check_caption(const std::string& label, const json& entry, Check& check) {
  check.equal(label, text::postprocess_caption(entry.at("in").get<std::string>()), entry.at("out"));
}

void check_cot(const std::string& label, const json& entry, Check& check) {
  const text::Metadata metadata = metadata_from_json(entry.at("in"));
  const bool raises = entry.contains("raises");
  try {
    const std::string cot = text::format_metadata_as_cot(metadata, Compat::kReference);
    check.equal(label, cot, raises ? json("raises " + entry.at("raises").dump()) : entry.at("out"));
  } catch (const Error& error) {
    check.equal(label + " raises (" + error.message() + ")", true, raises);
  }
}

void check_all_metas(const std::string& label, const json& entry, Check& check) {
  const json& in = entry.at("in");
  const bool has_all = !in.is_null() && text::has_all_metas(metadata_from_json(in));
  check.equal(label, has_all, entry.at("out"));
}

void check_update(const std::string& label, const json& entry, Check& check) {
  const json& in = entry.at("in");
  text::OpenFields fields;
  if (!in.at("bpm").is_null()) fields.bpm = in.at("bpm").get<int64_t>();
  fields.keyscale = string_or_empty(in.at("key_scale"));
  fields.timesignature = string_or_empty(in.at("time_signature"));
  fields.duration = number_or_none(in.at("audio_duration"));
  fields.vocal_language = string_or_empty(in.at("vocal_language"));
  fields.caption = string_or_empty(in.at("caption"));
  fields.lyrics = string_or_empty(in.at("lyrics"));
  const text::OpenFields out =
      text::fill_from_lm(fields, metadata_from_json(in.at("metadata")), Compat::kReference);
  const json actual = {or_null(out.bpm),   out.keyscale, out.timesignature, or_null(out.duration),
                       out.vocal_language, out.caption,  out.lyrics};
  check.equal(label, actual, entry.at("out"));
}

// The golden calls pass the status "ok", the lyrics "lyr" to format, instrumental = true to create.
json sample_json(const text::Metadata& metadata, const text::SampleDefaults& defaults,
                 bool is_create) {
  const std::optional<text::LmSample> sample = text::to_sample(metadata, defaults);
  json result = {{"status_message", "ok"}, {"success", sample.has_value()}, {"error", nullptr}};
  if (!sample) result["error"] = "ok";
  const auto put = [&](const char* key, const text::MetadataValue& value) {
    result[key] = sample ? to_json(value) : json("");
  };
  const text::LmSample shown = sample.value_or(text::LmSample());
  put("caption", shown.caption);
  put("lyrics", shown.lyrics);
  put("keyscale", shown.keyscale);
  put("language", shown.language);
  put("timesignature", shown.timesignature);
  result["bpm"] = or_null(shown.bpm);
  result["duration"] = or_null(shown.duration);
  if (is_create) result["instrumental"] = sample ? to_json(shown.instrumental) : json(false);
  return result;
}

void check_conversion(const std::string& label, const json& entry, Check& check) {
  const text::Metadata metadata = metadata_from_json(entry.at("in"));
  check.equal(label + " understand", sample_json(metadata, {}, false), entry.at("understand"));
  check.equal(label + " create", sample_json(metadata, {.instrumental = true}, true),
              entry.at("create"));
  check.equal(label + " format", sample_json(metadata, {.lyrics = "lyr"}, false),
              entry.at("format"));
}

// Row: tier limit, model limit, duration, phase, fallback, result.
void check_new_tokens(const std::string& label, const json& row, Check& check) {
  text::LmTokenRequest request;
  request.duration_seconds = number_or_none(row.at(2));
  request.phase = row.at(3) == "codes" ? text::LmPhase::kCodes : text::LmPhase::kCot;
  if (!row.at(4).is_null()) request.fallback_tokens = row.at(4).get<int64_t>();
  const text::LmLimits limits{row.at(0).get<double>(), row.at(1).get<int64_t>()};
  check.equal(label + " " + row.dump(), text::max_new_tokens(request, limits), row.at(5));
}

void check_target_codes(const std::string& label, const json& row, Check& check) {
  const auto codes = text::target_codes(number_or_none(row.at(0)));
  check.equal(label + " " + row.dump(), or_null(codes), row.at(1));
}

void check_negative(const std::string& label, const json& row, Check& check) {
  check.equal(label, text::is_meaningful_negative(row.at(0).get<std::string>()), row.at(1));
}

using EntryCheck = void (*)(const std::string&, const json&, Check&);

EntryCheck check_named(const std::string& name) {
  static const std::map<std::string, EntryCheck> checks = {
      {"parse_lm_output", check_parse},        {"extract_lyrics", check_lyrics},
      {"postprocess_caption", check_caption},  {"format_metadata_as_cot", check_cot},
      {"has_all_metas", check_all_metas},      {"update_metadata_from_lm", check_update},
      {"result_conversion", check_conversion}, {"max_new_tokens", check_new_tokens},
      {"target_codes", check_target_codes},    {"meaningful_negative", check_negative}};
  const auto found = checks.find(name);
  if (found == checks.end()) throw std::runtime_error("unknown part " + name);
  return found->second;
}

}  // namespace

void run_parsing(const Case& the_case, Check& check) {
  for (const auto& [part, entries] : the_case.data.items()) {
    int64_t number = 0;
    for (const json& entry : entries) {
      check_named(part)(part + " " + std::to_string(number++), entry, check);
      check.count();
    }
  }
}

}  // namespace acestep::golden
