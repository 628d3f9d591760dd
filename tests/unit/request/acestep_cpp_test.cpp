#include <gmock/gmock.h>

#include "request/dialects.h"
#include "unit/request/reading.h"

namespace acestep::request {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// The keys of an acestep.cpp request beside an empty adapter, which marks it and says nothing.
Document read(const std::string& keys) {
  return read_request(R"({"adapter": "", "lyrics": "la", )" + keys + "}", "a.json");
}

json values_of(const Document& document) {
  json object = json::object();
  for (const Entry& entry : document.entries) object[entry.key] = entry.value;
  object.erase("lyrics");
  return object;
}

TEST(AcestepCpp, LeavesOpenWhatIsZeroOrEmpty) {
  EXPECT_EQ(values_of(read(R"("bpm": 0, "duration": 0.0, "keyscale": "", "timesignature": "",
                              "vocal_language": "", "inference_steps": 0, "guidance_scale": 0.0,
                              "shift": 0.0, "lm_seed": -1, "audio_codes": "",
                              "custom_timesteps": "", "track": "", "synth_model": "",
                              "lm_model": "", "vae": "")")),
            json::object());
}

TEST(AcestepCpp, KeepsWhatIsGiven) {
  EXPECT_EQ(values_of(read(R"("bpm": 90, "duration": 30.5, "shift": 3, "lm_seed": 7, "seed": -1)")),
            json({{"bpm", 90}, {"duration", 30.5}, {"shift", 3}, {"lm_seed", 7}, {"seed", -1}}));
}

TEST(AcestepCpp, NamesTheModelAFileWasMadeFrom) {
  const Document document =
      read(R"("synth_model": "acestep-v15-turbo-Q8_0.gguf", "lm_model": "acestep-5Hz-lm-4B",
              "vae": "vae-BF16.gguf")");
  EXPECT_EQ(values_of(document), json({{"config_path", "acestep-v15-turbo"},
                                       {"lm_model_path", "acestep-5Hz-lm-4B"},
                                       {"vae_checkpoint", "official"}}));
  ASSERT_EQ(document.findings.adjustments.size(), 1);
  EXPECT_EQ(to_text(document.findings.adjustments[0]),
            "config_path: acestep-v15-turbo-Q8_0.gguf -> acestep-v15-turbo (GGUF files are not "
            "read; this is the model they are made from)");
}

TEST(AcestepCpp, CountsSongsOfBothModels) {
  EXPECT_EQ(values_of(read(R"("lm_batch_size": 2, "synth_batch_size": 3)"))["batch_size"], 6);
  EXPECT_EQ(values_of(read(R"("synth_batch_size": 2)"))["batch_size"], 2);
  EXPECT_THAT(read(R"("lm_batch_size": 0)").findings.problems,
              ElementsAre("a.json: lm_batch_size = '0': allowed: a whole number >= 1"));
}

TEST(AcestepCpp, GivesCodesAsTokensAndLeavesTheLanguageModelOut) {
  const Document document = read(R"("audio_codes": "12, 7,63999", "thinking": true)");
  EXPECT_EQ(values_of(document),
            json({{"audio_codes", "<|audio_code_12|><|audio_code_7|><|audio_code_63999|>"},
                  {"thinking", false},
                  {"use_cot_metas", false},
                  {"use_cot_caption", false},
                  {"use_cot_language", false}}));
  ASSERT_EQ(document.findings.adjustments.size(), 1);
  EXPECT_EQ(document.findings.adjustments[0].field, "thinking");
}

TEST(AcestepCpp, SwitchesTheWaveletCorrectionByItsScalers) {
  EXPECT_EQ(values_of(read(R"("dcw_scaler": 0.0, "dcw_high_scaler": 0.0, "dcw_mode": "low")")),
            json({{"dcw_enabled", false}}));
  EXPECT_EQ(values_of(read(R"("dcw_scaler": 0.1)")), json({{"dcw_enabled", true},
                                                           {"dcw_mode", "low"},
                                                           {"dcw_scaler", 0.1},
                                                           {"dcw_high_scaler", 0.0}}));
}

TEST(AcestepCpp, NamesMethodAndSamplerOfASolver) {
  EXPECT_EQ(values_of(read(R"("solver": "euler", "stork_substeps": 10)")),
            json({{"infer_method", "ode"}, {"sampler_mode", "euler"}}));
  EXPECT_EQ(values_of(read(R"("solver": "sde")"))["infer_method"], "sde");
  EXPECT_THAT(read(R"("solver": "stork4")").findings.problems,
              ElementsAre("a.json: solver = 'stork4': not supported yet; allowed: euler, sde"));
}

TEST(AcestepCpp, RefusesASolverBesideOurOwnName) {
  EXPECT_THAT(read(R"("solver": "sde", "infer_method": "ode")").findings.problems,
              ElementsAre("a.json: 'solver' says what 'infer_method' says too; give one of them"));
}

TEST(AcestepCpp, EndsTimestepsBeforeTheLast) {
  EXPECT_EQ(values_of(read(R"("custom_timesteps": "0.97,0.5, 0.2,0")")),
            json({{"timesteps", "0.97,0.5,0.2"}}));
  EXPECT_THAT(read(R"("custom_timesteps": "0.97")").findings.problems,
              ElementsAre(HasSubstr("expected two or more numbers")));
}

TEST(AcestepCpp, NamesTracks) {
  EXPECT_EQ(values_of(read(R"("task_type": "lego", "track": "guitar")"))["track"], "guitar");
  EXPECT_EQ(values_of(read(R"("task_type": "complete", "track": "VOCALS | DRUMS")")),
            json({{"task_type", "complete"}, {"complete_tracks", "vocals,drums"}}));
}

TEST(AcestepCpp, NamesFormats) {
  EXPECT_EQ(values_of(read(R"("output_format": "wav16", "mp3_bitrate": 192)")),
            json({{"audio_format", "wav"}, {"mp3_bitrate", "192k"}}));
  EXPECT_EQ(values_of(read(R"("output_format": "mp3")"))["audio_format"], "mp3");
  EXPECT_THAT(read(R"("output_format": "flac")").findings.problems,
              ElementsAre(HasSubstr("allowed: mp3, wav16, wav24, wav32")));
}

TEST(AcestepCpp, BringsAnUnclippedPeakToFullScale) {
  EXPECT_EQ(values_of(read(R"("peak_clip": 0)")), json({{"normalization_db", 0.0}}));
  EXPECT_THAT(read(R"("peak_clip": 10)").findings.warnings,
              ElementsAre(HasSubstr("peak_clip = 10 has no effect")));
}

TEST(AcestepCpp, AsksTheLanguageModelAsItsModeSays) {
  EXPECT_EQ(values_of(read(R"("caption": "x", "lm_mode": "inspire")")),
            json({{"sample_query", "x"}}));
  EXPECT_EQ(values_of(read(R"("caption": "", "lm_mode": "inspire")")),
            json({{"sample_mode", true}}));
  EXPECT_EQ(values_of(read(R"("caption": "x", "lm_mode": "format")")),
            json({{"caption", "x"}, {"use_format", true}}));
  EXPECT_EQ(values_of(read(R"("caption": "x", "lm_mode": "generate")")), json({{"caption", "x"}}));
  EXPECT_THAT(read(R"("lm_mode": "sing")").findings.problems, ElementsAre(HasSubstr("'sing'")));
}

TEST(AcestepCpp, NamesAnAdapterWithItsScale) {
  EXPECT_EQ(values_of(read_request(R"({"adapter": "singer", "adapter_scale": 0.5})", "a.json")),
            json({{"lora", "singer:0.5"}}));
  EXPECT_EQ(values_of(read_request(R"({"adapter": "singer", "adapter_scale": 1.0})", "a.json")),
            json({{"lora", "singer"}}));
}

TEST(AcestepCpp, KeepsTheLanguageUnknownWhereItIsSaidSo) {
  EXPECT_EQ(values_of(read(R"("vocal_language": "unknown")")),
            json({{"vocal_language", "unknown"}, {"use_cot_language", false}}));
  const Document document = read_request(
      R"({"adapter": "", "lyrics": "[Instrumental]", "vocal_language": "en"})", "a.json");
  EXPECT_EQ(values_of(document)["vocal_language"], "unknown");
  EXPECT_EQ(document.findings.adjustments.size(), 1);
}

TEST(AcestepCpp, TellsThatLyricsAreNotWritten) {
  const auto warnings = [](const char* text) {
    return read_request(text, "a.json").findings.warnings;
  };
  EXPECT_THAT(warnings(R"({"caption": "x", "solver": "euler"})"),
              ElementsAre(HasSubstr("no lyrics")));
  EXPECT_THAT(warnings(R"({"caption": "x", "lyrics": "la", "solver": "euler"})"), IsEmpty());
}

}  // namespace
}  // namespace acestep::request
