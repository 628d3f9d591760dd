#include <gmock/gmock.h>

#include "request/dialects.h"
#include "unit/request/reading.h"

namespace acestep::request {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// What acestep/inference.py of the reference saves for a text2music song, shortened by nothing but
// fields that hold their default.
constexpr const char* kSidecar = R"({
  "task_type": "text2music",
  "instruction": "Fill the audio semantic mask based on the given conditions:",
  "reference_audio": null, "src_audio": null, "global_caption": "",
  "caption": "dream pop", "lyrics": "[Verse]\nla", "instrumental": false,
  "vocal_language": "en", "bpm": 96, "keyscale": "D minor", "timesignature": "4",
  "duration": 64.0, "enable_normalization": true, "normalization_db": -1.0,
  "inference_steps": 8, "seed": 1234, "guidance_scale": 7.0, "shift": 3.0, "infer_method": "ode",
  "timesteps": null, "repainting_start": 0.0, "repainting_end": -1, "retake_seed": null,
  "flow_edit_morph": false, "thinking": true, "lm_temperature": 0.85, "use_cot_lyrics": false,
  "audio_codes": "", "cot_bpm": 96, "cot_caption": "dream pop, soft", "cot_lyrics": "",
  "lora_loaded": false, "use_lora": false, "lora_scale": 1.0, "lora_weights_hash": "",
  "audio_format": "flac", "repaint_source_latents_file": "1f2e.repaint_latents.npy",
  "session_artifact_file": "1f2e.session.json", "session_artifact_kind": "sample"
})";

Document read(const std::string& keys) {
  return read_request(R"({"use_lora": false, )" + keys + "}", "a.json");
}

json values_of(const Document& document) {
  json object = json::object();
  for (const Entry& entry : document.entries) object[entry.key] = entry.value;
  return object;
}

TEST(ReferenceSidecar, IsReadAsItIsWritten) {
  const auto checked = testing::check(kSidecar);
  EXPECT_EQ(checked.problems(), "");
  EXPECT_THAT(checked.unknown_keys, IsEmpty());
  EXPECT_THAT(checked.findings.adjustments, IsEmpty());
  EXPECT_THAT(checked.findings.warnings, IsEmpty());
  EXPECT_EQ(checked.settings().caption, "dream pop");
  EXPECT_EQ(checked.settings().bpm, 96);
  EXPECT_EQ(checked.settings().duration, 64.0);
  EXPECT_EQ(checked.settings().shift, 3.0);
  EXPECT_THAT(checked.settings().seeds, ElementsAre(1234));
  EXPECT_TRUE(checked.settings().thinking);
}

TEST(ReferenceSidecar, StopsThinkingOverGivenCodes) {
  const Document document = read(R"("thinking": true, "audio_codes": "<|audio_code_5|>")");
  EXPECT_EQ(values_of(document)["thinking"], false);
  ASSERT_EQ(document.findings.adjustments.size(), 1);
  EXPECT_EQ(to_text(document.findings.adjustments[0]),
            "thinking: true -> false (audio_codes are given)");
}

TEST(ReferenceSidecar, ThinksOnOverEmptyCodes) {
  const Document document = read(R"("thinking": true, "audio_codes": "  ")");
  EXPECT_EQ(values_of(document)["thinking"], true);
  EXPECT_THAT(document.findings.adjustments, IsEmpty());
}

TEST(ReferenceSidecar, ReplacesOutputValuesTheReferenceDoesNotKnow) {
  const Document document =
      read(R"("audio_format": "wma", "mp3_bitrate": "64k", "mp3_sample_rate": 22050)");
  EXPECT_EQ(values_of(document),
            json({{"audio_format", "flac"}, {"mp3_bitrate", "128k"}, {"mp3_sample_rate", 48000}}));
  EXPECT_EQ(document.findings.adjustments.size(), 3);
}

TEST(ReferenceSidecar, KeepsOutputValuesTheReferenceKnows) {
  const Document document =
      read(R"("audio_format": " MP3", "mp3_bitrate": "320K", "mp3_sample_rate": "44100")");
  EXPECT_EQ(values_of(document)["mp3_bitrate"], "320K");
  EXPECT_THAT(document.findings.adjustments, IsEmpty());
}

TEST(ReferenceSidecar, TellsOfAnAdapterItCannotName) {
  const Document document = read_request(
      R"({"use_lora": true, "lora_loaded": true, "lora_scale": 0.8, "lora_weights_hash": "ab12"})",
      "a.json");
  EXPECT_EQ(values_of(document), json::object());
  EXPECT_THAT(document.findings.warnings,
              ElementsAre(HasSubstr("an adapter with hash 'ab12' at scale 0.8")));
}

TEST(ReferenceSidecar, JoinsTrackClasses) {
  EXPECT_EQ(values_of(read(R"("complete_track_classes": ["drums", "bass"], "track_name": null)")),
            json({{"complete_tracks", "drums,bass"}, {"track_name", nullptr}}));
  EXPECT_EQ(values_of(read(R"("complete_track_classes": [])")), json::object());
}

TEST(ReferenceSidecar, PrefersTheRetakeSeedThatWasUsed) {
  EXPECT_EQ(values_of(read(R"("retake_seed": null, "retake_seed_value": 5)")),
            json({{"retake_seed", 5}}));
}

}  // namespace
}  // namespace acestep::request
