#include <gmock/gmock.h>

#include "unit/request/reading.h"
#include "util/error.h"

namespace acestep::request {
namespace {

using testing::check;
using testing::check_all;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(Rules, TextToMusicNeedsWords) {
  EXPECT_THAT(check("{}").problems(), HasSubstr("caption and lyrics are both empty"));
  EXPECT_EQ(check(R"({"instrumental": true})").problems(), "");
}

TEST(Checklist, Row08_TracksAreForBaseModels) {
  const std::vector<std::string> lego = {
      R"({"task_type": "lego", "caption": "x", "config_path": "acestep-v15-xl-turbo"})"};
  EXPECT_THAT(check_all(lego, ModelFamily::kTurbo).problems(),
              HasSubstr("acestep-v15-xl-base can"));
  EXPECT_THAT(check_all(lego, ModelFamily::kBase).problems(), Not(HasSubstr("can")));
}

TEST(Rules, InstrumentalFillsEmptyLyrics) {
  EXPECT_EQ(check(R"({"instrumental": true})").settings().lyrics, "[Instrumental]");
  EXPECT_EQ(check(R"({"lyrics": " [INST] "})").settings().lyrics, "[Instrumental]");
}

TEST(Rules, InstrumentalBesideLyricsIsTold) {
  const auto checked = check(R"({"instrumental": true, "lyrics": "la la"})");
  EXPECT_EQ(checked.settings().lyrics, "la la");
  EXPECT_THAT(checked.findings.warnings, ::testing::ElementsAre(HasSubstr("will be sung")));
}

class Metre : public ::testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(Metre, IsBroughtToItsBeats) {
  const std::string text =
      nlohmann::json({{"caption", "x"}, {"timesignature", GetParam().first}}).dump();
  EXPECT_EQ(check(text).settings().timesignature, GetParam().second);
  EXPECT_EQ(check(text).problems(), "");
}

INSTANTIATE_TEST_SUITE_P(All, Metre,
                         ::testing::Values(std::pair{"2", "2"}, std::pair{"3/4", "3"},
                                           std::pair{" 4/4 ", "4"}, std::pair{"6/8", "6"}));

TEST(Rules, OtherMetresAreRefused) {
  for (const char* metre : {"5", "1", "44", "7/8", "4/3"}) {
    const std::string text = nlohmann::json({{"caption", "x"}, {"timesignature", metre}}).dump();
    EXPECT_THAT(check(text).problems(), HasSubstr("timesignature = '" + std::string(metre)));
  }
}

TEST(Rules, ASongOnStandardOutputHasNothingBesideIt) {
  for (const char* beside : {R"("plot": true)", R"("preview": 5)", R"("save_codes": true)"}) {
    EXPECT_THAT(check(std::string(R"({"caption": "x", "output": "-", )") + beside + "}").problems(),
                HasSubstr("has no files beside it"));
  }
}

TEST(Rules, PreviewStepsNeedAPreview) {
  EXPECT_THAT(check(R"({"caption": "x", "preview_steps": 2})").findings.warnings,
              ::testing::ElementsAre(HasSubstr("it needs --preview")));
  EXPECT_THAT(check(R"({"caption": "x", "preview_steps": 2, "preview": 5})").findings.warnings,
              IsEmpty());
}

TEST(Rules, ANumberIsAMetre) {
  EXPECT_EQ(check(R"({"timesignature": 3})").settings().timesignature, "3");
}

TEST(Rules, DurationBelowTenSecondsIsRefusedAndZeroIsOpen) {
  EXPECT_THAT(check(R"({"duration": 9.9})").problems(), HasSubstr("allowed: 10 … 600"));
  EXPECT_EQ(check(R"({"caption": "x", "duration": 0})").settings().duration, std::nullopt);
  EXPECT_EQ(check(R"({"caption": "x", "duration": -1})").problems(), "");
}

TEST(Rules, TheEndingOfTheOutputDecidesTheFormat) {
  EXPECT_EQ(check(R"({"caption": "x", "output": "a.wav"})").settings().audio_format, "wav");
  EXPECT_EQ(check(R"({"caption": "x", "output": "a.WAV"})").settings().audio_format, "wav");
  EXPECT_EQ(check(R"({"caption": "x", "output": "a.flac"})").settings().audio_format, "flac");
  EXPECT_EQ(check(R"({"caption": "x", "output": "take 1.5"})").settings().audio_format, "flac");
}

TEST(Rules, AFormatSaidBesideTheOutputMustFitItsEnding) {
  const auto fits = check(R"({"caption": "x", "output": "a.wav", "audio_format": "wav24"})");
  EXPECT_EQ(fits.settings().audio_format, "wav24");
  EXPECT_EQ(fits.problems(), "");
  EXPECT_THAT(check(R"({"output": "a.wav", "audio_format": "flac"})").problems(),
              HasSubstr("output = 'a.wav' (file:1.json): audio_format is flac"));
  EXPECT_EQ(check(R"({"caption": "x", "output": "a.mp3"})").settings().audio_format, "mp3");
  EXPECT_EQ(check(R"({"caption": "x", "output": "a.ogg"})").settings().audio_format, "ogg");
  EXPECT_THAT(check(R"({"output": "a.m4a"})").problems(), HasSubstr("AAC cannot be written; use"));
  EXPECT_THAT(check(R"({"audio_format": "aac"})").problems(), HasSubstr("allowed: flac, wav"));
}

TEST(Rules, TurboModelsDropGuidanceAndSaySo) {
  const auto given = check(R"({"caption": "x", "guidance_scale": 5, "use_adg": true})");
  EXPECT_EQ(given.settings().guidance_scale, 1.0);
  EXPECT_FALSE(given.settings().use_adg);
  EXPECT_EQ(given.findings.adjustments.size(), 2u);
  const auto wizard = check(R"({"caption": "x", "guidance_scale": 7.0})");
  EXPECT_EQ(wizard.settings().guidance_scale, 1.0);
  EXPECT_THAT(wizard.findings.adjustments, IsEmpty());
  const auto base = check_all({R"({"caption": "x", "guidance_scale": 5})"}, ModelFamily::kBase);
  EXPECT_EQ(base.settings().guidance_scale, 5.0);
  EXPECT_EQ(check_all({R"({"caption": "x"})"}, ModelFamily::kSft).settings().guidance_scale, 7.0);
}

TEST(Rules, TurboTimestepsMoveToTheTrainedLevels) {
  const auto moved = check(R"({"caption": "x", "timesteps": [0.97, 0.5, 0.13, 0]})");
  EXPECT_THAT(moved.settings().timesteps,
              ::testing::ElementsAre(0.9545454545454546, 0.5, 0.125, 0.0));
  EXPECT_EQ(moved.findings.adjustments.size(), 1u);
  const auto kept = check(R"({"caption": "x", "timesteps": "1, 0.5"})");
  EXPECT_THAT(kept.settings().timesteps, ::testing::ElementsAre(1.0, 0.5, 0.0));
  EXPECT_THAT(kept.findings.adjustments, IsEmpty());
}

TEST(Rules, OtherModelsTimestepsEndAtZero) {
  const auto completed =
      check_all({R"({"caption": "x", "timesteps": [1, 0.4]})"}, ModelFamily::kBase);
  EXPECT_THAT(completed.settings().timesteps, ::testing::ElementsAre(1.0, 0.4, 0.0));
  EXPECT_EQ(completed.findings.adjustments.size(), 1u);
}

TEST(Rules, TimestepsFallAndAreFew) {
  EXPECT_THAT(check(R"({"timesteps": [0.5, 0.9]})").problems(), HasSubstr("below the one before"));
  EXPECT_THAT(check(R"({"timesteps": [0]})").problems(), HasSubstr("1 … 20 levels"));
  const std::string many = nlohmann::json({{"timesteps", std::vector<double>(21, 0.5)}}).dump();
  EXPECT_THAT(check(many).problems(), HasSubstr("1 … 20 levels"));
}

TEST(Rules, GuidanceEndsAfterItBegins) {
  EXPECT_THAT(
      check_all({R"({"cfg_interval_start": 0.7, "cfg_interval_end": 0.3})"}, ModelFamily::kBase)
          .problems(),
      HasSubstr("must not be above cfg_interval_end"));
}

TEST(Rules, StochasticStepsHaveNoHeunForm) {
  const auto checked = check(R"({"caption": "x", "infer_method": "sde", "sampler_mode": "heun"})");
  EXPECT_EQ(checked.settings().sampler_mode, "euler");
  EXPECT_EQ(checked.findings.adjustments.size(), 1u);
}

TEST(Rules, RetakeSeedsAreSeeds) {
  const auto problems = [](const char* seeds) {
    return check(
               nlohmann::json({{"caption", "x"}, {"retake_variance", 0.1}, {"retake_seed", seeds}})
                   .dump())
        .problems();
  };
  EXPECT_EQ(problems("7"), "");
  EXPECT_THAT(problems("x"), HasSubstr("allowed: 0 … 4294967295"));
  EXPECT_THAT(problems("-1"), HasSubstr("allowed: 0 … 4294967295"));
  EXPECT_THAT(problems("1,2"), HasSubstr("more seeds than songs"));
  EXPECT_THAT(check(R"({"caption": "x", "retake_seed": 7})").findings.warnings,
              ::testing::ElementsAre(HasSubstr("retake_variance is 0")));
}

TEST(Rules, AudioCodesHaveOneSpelling) {
  const char* tokens = "<|audio_code_1|><|audio_code_63999|>";
  EXPECT_EQ(check(R"({"audio_codes": "1, 63999"})").settings().audio_codes, tokens);
  EXPECT_EQ(check(R"({"audio_codes": "[1, 63999]"})").settings().audio_codes, tokens);
  EXPECT_EQ(check(nlohmann::json({{"audio_codes", tokens}}).dump()).settings().audio_codes, tokens);
  for (const char* wrong : {"64000", "1,x", "<|audio_code_1|>x", "<|audio_code_64000|>"}) {
    EXPECT_THAT(check(nlohmann::json({{"audio_codes", wrong}}).dump()).problems(),
                HasSubstr("every N 0 … 63999"));
  }
}

TEST(Rules, ASongOnStandardOutputIsAlone) {
  EXPECT_EQ(check(R"({"caption": "x", "output": "-"})").problems(), "");
  EXPECT_THAT(check(R"({"output": "-", "json": true})").problems(), HasSubstr("--json"));
  EXPECT_THAT(check(R"({"output": "-", "save_codes": true})").problems(), HasSubstr("save_codes"));
  EXPECT_THAT(check(R"({"output": "-", "batch_size": 2})").problems(), HasSubstr("one file"));
}

TEST(Rules, TurboTakesTwentySteps) {
  EXPECT_EQ(check(R"({"caption": "x", "inference_steps": 20})").problems(), "");
  EXPECT_THAT(check(R"({"inference_steps": 21})").problems(), HasSubstr("1 … 20"));
  EXPECT_EQ(
      check_all({R"({"caption": "x", "inference_steps": 21})"}, ModelFamily::kBase).problems(), "");
}

TEST(Rules, PresetsFollowTheModel) {
  const auto shift_of = [](ModelFamily family) {
    return check_all({"{}"}, family).settings().shift;
  };
  EXPECT_EQ(shift_of(ModelFamily::kTurbo), 3.0);
  EXPECT_EQ(shift_of(ModelFamily::kTurboShift1), 1.0);
  EXPECT_EQ(check_all({"{}"}, ModelFamily::kBase).settings().inference_steps, 50);
  EXPECT_EQ(family_of("acestep-v15-xl-turbo"), ModelFamily::kTurbo);
  EXPECT_EQ(family_of("acestep-v15-turbo-continuous"), ModelFamily::kTurbo);
  EXPECT_EQ(family_of("acestep-v15-xl-sft"), ModelFamily::kSft);
  EXPECT_EQ(family_of("acestep-v15-turbo-shift1"), ModelFamily::kTurboShift1);
  EXPECT_EQ(family_of("acestep-v15-base"), ModelFamily::kBase);
}

TEST(CompatReference, HasTheReferencesDefaults) {
  const Settings settings = check(R"({"compat": "reference"})").settings();
  EXPECT_EQ(settings.inference_steps, 8);
  EXPECT_EQ(settings.shift, 1.0);
  EXPECT_EQ(settings.batch_size, 2);
}

TEST(CompatReference, LiftsTheChecksItLacks) {
  const auto checked = check(
      R"({"compat": "reference", "duration": 5.2, "bpm": 999, "keyscale": "H moll",
          "vocal_language": "xx", "timesignature": "7", "lm_temperature": 3})");
  EXPECT_THAT(checked.findings.problems, IsEmpty());
  EXPECT_EQ(checked.settings().keyscale, "H moll");
  EXPECT_EQ(checked.settings().duration, 5.2);
}

TEST(CompatReference, StillRefusesWhatCannotBeComputed) {
  EXPECT_THAT(check(R"({"compat": "reference", "shift": 0})").problems(), HasSubstr("shift"));
  EXPECT_THAT(check(R"({"compat": "reference", "batch_size": 0})").problems(), HasSubstr("batch"));
}

TEST(CompatReference, LimitsTurboToEightStepsAndSaysSo) {
  const auto checked = check(R"({"compat": "reference", "inference_steps": 20})");
  EXPECT_EQ(checked.settings().inference_steps, 8);
  ASSERT_EQ(checked.findings.adjustments.size(), 1u);
  EXPECT_EQ(checked.findings.adjustments[0].from, 20);
}

TEST(Rules, GlobalSeedOutsideCompatIsToldInAFile) {
  const auto checked = check(R"({"caption": "x", "global_torch_seed": 3})");
  EXPECT_THAT(checked.findings.problems, IsEmpty());
  EXPECT_THAT(checked.findings.warnings, ::testing::ElementsAre(HasSubstr("global_seed")));
}

TEST(Rules, PythonSeedOutsideCompatIsToldInAFile) {
  const auto checked = check(R"({"caption": "x", "python_random_seed": 3})");
  EXPECT_THAT(checked.findings.problems, IsEmpty());
  EXPECT_THAT(checked.findings.warnings, ::testing::ElementsAre(HasSubstr("python_seed")));
}

TEST(Rules, ADecoderHasAPlaceForTheFile) {
  const auto problems = [](const std::string& decoder) {
    return check(nlohmann::json({{"caption", "x"}, {"decoder", decoder}}).dump()).problems();
  };
  EXPECT_EQ(problems(R"(["ffmpeg","-i","{}","-f","wav","-"])"), "");
  EXPECT_THAT(problems(R"(["ffmpeg","-i","in.m4a"])"), HasSubstr("must have {}"));
  EXPECT_THROW(problems("ffmpeg -i {}"), Error);
}

class Device : public ::testing::TestWithParam<const char*> {};

TEST_P(Device, IsChecked) {
  const std::string name = GetParam();
  const bool is_good = name == "auto" || name == "cpu" || name == "cuda" || name == "cuda:1";
  const std::string text = nlohmann::json({{"caption", "x"}, {"device", name}}).dump();
  EXPECT_EQ(check(text).problems().empty(), is_good) << name;
}

INSTANTIATE_TEST_SUITE_P(All, Device,
                         ::testing::Values("auto", "cpu", "cuda", "cuda:1", "mps",
                                           "cuda:", "cuda:x", "cuda:99999", ""));

TEST(Rules, NoLanguageModelMeansNoThinking) {
  const auto silent = check(R"({"caption": "x", "lm_model_path": "none"})");
  EXPECT_FALSE(silent.settings().thinking);
  EXPECT_THAT(silent.findings.adjustments, IsEmpty());
  const auto told = check(R"({"caption": "x", "lm_model_path": "none", "thinking": true})");
  EXPECT_EQ(told.findings.adjustments.size(), 1u);
}

TEST(Rules, OneFileNameForSeveralSongsIsRefused) {
  EXPECT_THAT(check(R"({"output": "a.flac", "batch_size": 2})").problems(), HasSubstr("output"));
  EXPECT_EQ(check(R"({"caption": "x", "output": "a{seed}.flac", "batch_size": 2})").problems(), "");
}

TEST(Rules, LongTextIsAdviceOnly) {
  const std::string text = nlohmann::json({{"caption", std::string(600, 'x')}}).dump();
  EXPECT_EQ(check(text).problems(), "");
  EXPECT_THAT(check(text).findings.warnings, ::testing::ElementsAre(HasSubstr("600 characters")));
}

TEST(ThrowProblems, NamesAllAtOnce) {
  const auto checked = check(R"({"caption": "x", "bpm": 301, "keyscale": "H"})");
  try {
    throw_problems(checked.findings);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    EXPECT_THAT(error.message(), HasSubstr("bpm = '301'"));
    EXPECT_THAT(error.message(), HasSubstr("keyscale = 'H'"));
  }
}

}  // namespace
}  // namespace acestep::request
