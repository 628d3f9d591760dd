#include <gmock/gmock.h>

#include <algorithm>

#include "request/environment.h"
#include "request/request_fields.h"
#include "request/text.h"
#include "unit/request/reading.h"

namespace acestep::request {

void PrintTo(const Field& field, std::ostream* out) { *out << field.name; }

namespace {

using nlohmann::json;
using testing::check;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A request with this one field, and a caption so that nothing else is wrong.
std::string request_with(const std::string& key, const json& value) {
  json object = {{"caption", "x"}};
  object[key] = value;
  return object.dump();
}

std::vector<Field> fields_where(bool (*wanted)(const Field&)) {
  std::vector<Field> fields;
  std::copy_if(all_fields().begin(), all_fields().end(), std::back_inserter(fields), wanted);
  return fields;
}

std::string name_of(const ::testing::TestParamInfo<Field>& info) { return info.param.name; }

bool is_supported(const Field& field) { return field.support == FieldSupport::kNow; }

class SupportedField : public ::testing::TestWithParam<Field> {};

TEST_P(SupportedField, RefusesAnObject) {
  EXPECT_THAT(check(request_with(GetParam().name, json::object())).problems(),
              HasSubstr(GetParam().name + " = an object: expected "));
}

TEST_P(SupportedField, RefusesAnotherType) {
  const FieldType type = GetParam().type;
  const bool takes_words = type == FieldType::kText || type == FieldType::kTextList;
  const json wrong = takes_words ? json(true) : json("seven hundred");
  const std::string problems = check(request_with(GetParam().name, wrong)).problems();
  EXPECT_THAT(problems, HasSubstr(GetParam().name));
  EXPECT_THAT(problems, HasSubstr("expected " + describe_allowed(GetParam())));
}

// Lyrics keep the request a song when the field under test is the caption.
TEST_P(SupportedField, TakesItsDefault) {
  json object = {{"caption", "x"}, {"lyrics", "la la"}};
  object[GetParam().name] = to_json(default_of(GetParam()));
  EXPECT_THAT(check(object.dump()).findings.problems, IsEmpty());
}

TEST_P(SupportedField, IsUnknownInAnotherCase) {
  std::string shouted = GetParam().name;
  for (char& c : shouted) c = static_cast<char>(std::toupper(c));
  const auto checked = check(request_with(shouted, to_json(default_of(GetParam()))));
  ASSERT_EQ(checked.unknown_keys.size(), 1u);
  EXPECT_THAT(checked.unknown_keys[0], HasSubstr("did you mean '" + GetParam().name + "'?"));
}

TEST_P(SupportedField, IsFoundByEveryNameAndBothSpellings) {
  std::vector<std::string> names = GetParam().aliases;
  names.push_back(GetParam().name);
  for (std::string name : names) {
    EXPECT_EQ(find_field(name)->name, GetParam().name);
    std::replace(name.begin(), name.end(), '_', '-');
    EXPECT_EQ(find_field(name)->name, GetParam().name);
  }
}

TEST_P(SupportedField, IsReadFromItsEnvironmentVariable) {
  std::string variable = "ACESTEP_" + GetParam().name;
  for (char& c : variable) c = static_cast<char>(std::toupper(c));
  const std::string text = to_text(default_of(GetParam()));
  Findings findings;
  const Layer layer = read_environment(
      [&](const std::string& name) -> std::optional<std::string> {
        return name == variable ? std::optional(text.empty() ? "1" : text) : std::nullopt;
      },
      supported_fields(), findings);
  ASSERT_TRUE(layer.contains(GetParam().name));
  EXPECT_EQ(layer.at(GetParam().name).source, "env:" + variable);
}

TEST_P(SupportedField, HasHelp) { EXPECT_FALSE(GetParam().help.empty()); }

INSTANTIATE_TEST_SUITE_P(All, SupportedField, ::testing::ValuesIn(fields_where(is_supported)),
                         name_of);

class RangedField : public ::testing::TestWithParam<Field> {
 protected:
  static json around(double number) {
    const FieldType type = GetParam().type;
    if (type == FieldType::kReal) return number;
    const json whole = static_cast<int64_t>(number);
    return type == FieldType::kIntegerList ? json::array({whole}) : whole;
  }
  static double step() { return GetParam().type == FieldType::kReal ? 0.001 : 1.0; }

  static void expect_refused(double number) {
    const std::string problems = check(request_with(GetParam().name, around(number))).problems();
    EXPECT_THAT(problems, HasSubstr(GetParam().name + " = "));
    EXPECT_THAT(problems, HasSubstr("allowed: " + describe(GetParam().range)));
  }

  static void expect_taken(double number) {
    for (const auto& problem :
         check(request_with(GetParam().name, around(number))).findings.problems) {
      EXPECT_THAT(problem, ::testing::Not(HasSubstr("allowed: " + describe(GetParam().range))));
    }
  }
};

class LowerBoundedField : public RangedField {};
class UpperBoundedField : public RangedField {};

TEST_P(LowerBoundedField, RefusesLess) {
  expect_refused(*GetParam().range.min - (GetParam().range.excludes_min ? 0.0 : step()));
}

TEST_P(UpperBoundedField, RefusesMore) { expect_refused(*GetParam().range.max + step()); }

TEST_P(RangedField, TakesItsBounds) {
  const ValueRange& range = GetParam().range;
  if (range.min) expect_taken(*range.min + (range.excludes_min ? step() : 0.0));
  if (range.max) expect_taken(*range.max);
}

bool has_range(const Field& field) { return is_supported(field) && !describe(field.range).empty(); }

bool has_minimum(const Field& field) { return is_supported(field) && field.range.min; }
bool has_maximum(const Field& field) { return is_supported(field) && field.range.max; }

INSTANTIATE_TEST_SUITE_P(All, RangedField, ::testing::ValuesIn(fields_where(has_range)), name_of);
INSTANTIATE_TEST_SUITE_P(All, LowerBoundedField, ::testing::ValuesIn(fields_where(has_minimum)),
                         name_of);
INSTANTIATE_TEST_SUITE_P(All, UpperBoundedField, ::testing::ValuesIn(fields_where(has_maximum)),
                         name_of);

class ChoiceField : public ::testing::TestWithParam<Field> {};

TEST_P(ChoiceField, RefusesAnythingElseNamingTheChoices) {
  const std::string problems = check(request_with(GetParam().name, "nonsense")).problems();
  EXPECT_THAT(problems, HasSubstr(GetParam().name + " = 'nonsense'"));
  EXPECT_THAT(problems, HasSubstr("allowed: " + listed(GetParam().choices)));
}

TEST_P(ChoiceField, TakesItsChoicesInAnyCase) {
  std::string shouted = GetParam().choices.back();
  for (char& c : shouted) c = static_cast<char>(std::toupper(c));
  json object = json::parse(request_with(GetParam().name, shouted));
  // The tasks behind text2music work on a source, the last of them with a base model.
  if (GetParam().name == "task_type") object["src_audio"] = "a.wav";
  const auto checked = testing::check_all({object.dump()}, ModelFamily::kBase);
  EXPECT_THAT(checked.findings.problems, IsEmpty());
  EXPECT_EQ(to_text(value_in(checked.settings(), GetParam())), GetParam().choices.back());
}

TEST_P(ChoiceField, SaysWhatIsNotSupportedYet) {
  for (const std::string& choice : GetParam().later_choices) {
    EXPECT_THAT(check(request_with(GetParam().name, choice)).problems(),
                HasSubstr("not supported yet"));
  }
}

bool has_choices(const Field& field) { return is_supported(field) && !field.choices.empty(); }

INSTANTIATE_TEST_SUITE_P(All, ChoiceField, ::testing::ValuesIn(fields_where(has_choices)), name_of);

class LaterField : public ::testing::TestWithParam<Field> {
 protected:
  static json another_value() {
    switch (GetParam().type) {
      case FieldType::kBool:
        return true;
      case FieldType::kInteger:
        return 3;
      case FieldType::kReal:
        return 0.25;
      case FieldType::kRealList:
        return json::array({0.5, 0.25});
      default:
        return "other";
    }
  }
};

TEST_P(LaterField, IsKnownAndRefusedWhenItWouldChangeTheSong) {
  const auto checked = check(request_with(GetParam().name, another_value()));
  EXPECT_THAT(checked.unknown_keys, IsEmpty());
  EXPECT_THAT(checked.problems(), HasSubstr("not supported yet"));
}

TEST_P(LaterField, TakesItsDefault) {
  const auto checked = check(request_with(GetParam().name, to_json(default_of(GetParam()))));
  EXPECT_THAT(checked.findings.problems, IsEmpty());
}

bool comes_later(const Field& field) { return field.support == FieldSupport::kLater; }

INSTANTIATE_TEST_SUITE_P(All, LaterField, ::testing::ValuesIn(fields_where(comes_later)), name_of);

class IgnoredField : public ::testing::TestWithParam<Field> {};

TEST_P(IgnoredField, IsKnownAndItsUselessValueIsTold) {
  const json value = GetParam().type == FieldType::kBool   ? json(true)
                     : GetParam().type == FieldType::kText ? json("other")
                                                           : json(3);
  const auto checked = check(request_with(GetParam().name, value));
  EXPECT_THAT(checked.unknown_keys, IsEmpty());
  EXPECT_THAT(checked.findings.problems, IsEmpty());
  ASSERT_EQ(checked.findings.warnings.size(), 1u);
  EXPECT_THAT(checked.findings.warnings[0], HasSubstr(GetParam().name));
}

bool is_ignored(const Field& field) { return field.support == FieldSupport::kIgnored; }

INSTANTIATE_TEST_SUITE_P(All, IgnoredField, ::testing::ValuesIn(fields_where(is_ignored)), name_of);

// What the reference's wizard can write (cli.py), all of it known here.
class WizardKey : public ::testing::TestWithParam<const char*> {};

TEST_P(WizardKey, IsKnown) { EXPECT_NE(find_field(GetParam()), nullptr); }

INSTANTIATE_TEST_SUITE_P(
    All, WizardKey,
    ::testing::Values("project_root", "config_path", "checkpoint_dir", "lm_model_path", "backend",
                      "device", "use_flash_attention", "offload_to_cpu", "offload_dit_to_cpu",
                      "save_dir", "audio_format", "caption", "prompt", "lyrics", "duration",
                      "instrumental", "bpm", "keyscale", "timesignature", "vocal_language",
                      "task_type", "instruction", "reference_audio", "src_audio",
                      "repainting_start", "repainting_end", "audio_cover_strength", "lego_track",
                      "extract_track", "complete_tracks", "sample_mode", "sample_query",
                      "use_format", "inference_steps", "seed", "guidance_scale", "use_adg", "shift",
                      "infer_method", "timesteps", "thinking", "lm_temperature", "lm_cfg_scale",
                      "lm_top_k", "lm_top_p", "use_cot_metas", "use_cot_caption", "use_cot_lyrics",
                      "use_cot_language", "use_constrained_decoding", "batch_size", "seeds",
                      "use_random_seed", "allow_lm_batch", "lm_batch_chunk_size",
                      "constrained_decoding_debug", "audio_codes", "cfg_interval_start",
                      "cfg_interval_end", "lm_negative_prompt", "log_level"));

}  // namespace
}  // namespace acestep::request
