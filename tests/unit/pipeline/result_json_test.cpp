#include "pipeline/result_json.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include "pipeline/record.h"
#include "unit/pipeline/tiny_song.h"

namespace acestep::pipeline {
namespace {

using nlohmann::json;
using testing::tiny_facts;
using testing::tiny_rendering;
using testing::tiny_song;
using ::testing::UnorderedElementsAre;

std::vector<std::string> keys_of(const json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

json audio_of(const Song& song) {
  const WrittenSong written{"output/a.flac", "abc", 44100, 4410};
  return audio_json(song, written, repeatable_record(tiny_facts(), song, tiny_rendering()));
}

json result_of(const Rendering& rendering, bool has_prompts = false) {
  const std::vector<song::Adjustment> adjustments = {{"dtype", "fp16", "fp32", "overflow"}};
  return result_json(
      json::array({audio_of(tiny_song())}), rendering,
      {.adjustments = adjustments, .first = tiny_song().composition, .has_prompts = has_prompts});
}

TEST(AudioJson, HasTheDocumentedFields) {
  const json audio = audio_of(tiny_song());
  EXPECT_THAT(keys_of(audio),
              UnorderedElementsAre("path", "key", "sample_rate", "channels", "samples", "duration",
                                   "peak_db", "true_peak_db", "lufs", "params", "seed", "lm_seed",
                                   "audio_codes_sha256", "sha256"));
  EXPECT_EQ(audio.at("path"), "output/a.flac");
  EXPECT_EQ(audio.at("key"), "a");
  EXPECT_EQ(audio.at("sample_rate"), 44100);
  EXPECT_EQ(audio.at("samples"), 4410);
  EXPECT_DOUBLE_EQ(audio.at("duration"), 0.1);
  EXPECT_NEAR(audio.at("peak_db"), -6.0206, 1e-4);
  EXPECT_EQ(audio.at("lufs"), -14.5);
  EXPECT_TRUE(audio.at("true_peak_db").is_null());
  EXPECT_EQ(audio.at("seed"), 7);
  EXPECT_EQ(audio.at("lm_seed"), 107);
  EXPECT_EQ(audio.at("params").at("caption"), "Warm folk");
}

TEST(AudioJson, WithoutCodesTheirHashIsNull) {
  Song song = tiny_song();
  song.composition.audio_codes.clear();
  EXPECT_TRUE(audio_of(song).at("audio_codes_sha256").is_null());
}

TEST(ResultJson, HasTheDocumentedFields) {
  const json result = result_of(tiny_rendering());
  EXPECT_THAT(keys_of(result), UnorderedElementsAre("success", "error", "status_message", "audios",
                                                    "extra_outputs", "version"));
  EXPECT_EQ(result.at("success"), true);
  EXPECT_TRUE(result.at("error").is_null());
  EXPECT_EQ(result.at("status_message"), "1 song written");
  EXPECT_THAT(
      keys_of(result.at("extra_outputs")),
      UnorderedElementsAre("lm_metadata", "time_costs", "device", "peak_vram_gb", "peak_host_gb",
                           "memory", "quantization", "adjustments", "warnings"));
}

TEST(ResultJson, TellsAdjustmentsAndMemoryOfTheCpu) {
  const json extra = result_of(tiny_rendering()).at("extra_outputs");
  EXPECT_EQ(
      extra.at("adjustments"),
      json::array({{{"field", "dtype"}, {"from", "fp16"}, {"to", "fp32"}, {"why", "overflow"}}}));
  EXPECT_TRUE(extra.at("peak_vram_gb").is_null());
  EXPECT_GT(extra.at("peak_host_gb").get<double>(), 0.0);
}

TEST(ResultJson, TellsNameAndPeakOfTheSimulatedGpu) {
  const device::ComputeDevice where = device::choose_device("sim", false, "no driver");
  const at::Tensor tensor = at::zeros({1 << 20}, at::TensorOptions(where.device));
  const json extra =
      result_json(json::array(), tiny_rendering(),
                  {.adjustments = {}, .device = where.device, .device_name = where.name})
          .at("extra_outputs");
  EXPECT_EQ(extra.at("device"), "simulated GPU");
  EXPECT_GE(extra.at("peak_vram_gb").get<double>(), 4.0 / 1024);
}

TEST(ResultJson, TellsWhatEachStageTookOfDeviceMemory) {
  Rendering rendering = tiny_rendering();
  rendering.stages = {{.stage = "condition", .seconds = 0.5, .peak_bytes = 3ULL << 30U},
                      {.stage = "denoise", .seconds = 2.0, .peak_bytes = 2ULL << 30U},
                      {.stage = "decode", .seconds = 1.0}};
  const json extra = result_of(rendering).at("extra_outputs");
  EXPECT_EQ(extra.at("memory").at("stages"),
            json::array({{{"stage", "condition"}, {"peak_gb", 3.0}, {"seconds", 0.5}},
                         {{"stage", "denoise"}, {"peak_gb", 2.0}, {"seconds", 2.0}},
                         {{"stage", "decode"}, {"peak_gb", nullptr}, {"seconds", 1.0}}}));
}

TEST(ResultJson, ThePeakOfASongIsThatOfItsLargestStage) {
  Rendering rendering = tiny_rendering();
  rendering.stages = {{.stage = "condition", .peak_bytes = 3ULL << 40U},
                      {.stage = "decode", .peak_bytes = 1}};
  EXPECT_EQ(result_of(rendering).at("extra_outputs").at("peak_vram_gb"), 3.0 * 1024);
}

TEST(ResultJson, MetadataAndPromptsComeWithTheLanguageModel) {
  Rendering rendering = tiny_rendering();
  EXPECT_TRUE(result_of(rendering).at("extra_outputs").at("lm_metadata").is_null());
  lm::ComposePass pass;
  pass.request.prompt = "the prompt";
  pass.result.text = "the answer";
  rendering.passes = {pass};
  rendering.texts = {{"the caption's prompt", {1, 2}}};
  const json extra = result_of(rendering, /*has_prompts=*/true).at("extra_outputs");
  EXPECT_EQ(extra.at("lm_metadata").at("bpm"), 120);
  EXPECT_EQ(extra.at("lm_metadata").at("language"), "en");
  EXPECT_EQ(extra.at("prompts").at("lm")[0].at("prompt"), "the prompt");
  EXPECT_EQ(extra.at("prompts").at("lm")[0].at("output"), "the answer");
  EXPECT_EQ(extra.at("prompts").at("text_encoder")[0], "the caption's prompt");
}

}  // namespace
}  // namespace acestep::pipeline
