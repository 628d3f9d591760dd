#include "cli/inspect_text.h"

#include <gmock/gmock.h>

#include <string_view>

#include "unit/util/temp_folder.h"
#include "util/split_mix.h"

namespace acestep::cli {
namespace {

using nlohmann::json;
using pipeline::FoundRecord;
using ::testing::HasSubstr;
using ::testing::Not;

FoundRecord found_with(json record) {
  FoundRecord found;
  found.record = std::move(record);
  found.file = "a.json";
  return found;
}

TEST(InspectText, ShowsTheFactsOfASong) {
  const std::string text = inspect_text(found_with(
      {{"schema", "acestep/1"},
       {"version", "0.1.0"},
       {"request", {{"caption", "Warm folk"}, {"lyrics", "[Verse]\nla"}, {"seeds", {7}}}},
       {"models", {{"dit", "acestep-v15-turbo"}, {"lm", "none"}}},
       {"composition", {{"bpm", 120}, {"keyscale", "A minor"}}},
       {"audio_codes", {1, 2, 3}},
       {"song", {{"device", "a CPU"}, {"threads", 2}, {"libtorch", "2.11.0"}}}}));
  EXPECT_THAT(text, HasSubstr("made by         acestep 0.1.0\n"));
  EXPECT_THAT(text, HasSubstr("made on         a CPU, threads 2, libtorch 2.11.0\n"));
  EXPECT_THAT(text, HasSubstr("caption         'Warm folk'\n"));
  EXPECT_THAT(text, HasSubstr("lyrics          2 lines, '[Verse]'\n"));
  EXPECT_THAT(text, HasSubstr("composed        bpm 120, key A minor\n"));
  EXPECT_THAT(text, HasSubstr("models          acestep-v15-turbo, language model none\n"));
  EXPECT_THAT(text, HasSubstr("seeds           song [7]\n"));
  EXPECT_THAT(text, HasSubstr("3 audio codes"));
}

TEST(InspectText, LeavesOutWhatIsNotThere) {
  const std::string text = inspect_text(found_with({{"schema", "acestep/1"}}));
  EXPECT_EQ(text,
            "song            not found beside a.json\n"
            "record          a.json, complete\n");
}

TEST(InspectText, BearsValuesOfAnyType) {
  const json odd = {{"dit", {1, 2}}, {"lm", nullptr}, {"caption", 5}, {"lyrics", {{"a", 1}}},
                    {"seeds", "x"},  {"bpm", false},  {"vae", 1e300}, {"compat", 1}};
  const std::string text = inspect_text(found_with({{"version", 5},
                                                    {"request", odd},
                                                    {"models", odd},
                                                    {"composition", odd},
                                                    {"audio_codes", "none"}}));
  EXPECT_THAT(text, HasSubstr("lyrics          none"));
  EXPECT_THAT(text, HasSubstr("models          [1,2], vae 1e+300"));
}

TEST(InspectText, KeepsATerminalInOrder) {
  const std::string text = inspect_text(
      found_with({{"request", {{"caption", "a\x1b[2Jb\rc"}}}, {"models", {{"dit", "m\x07n"}}}}));
  EXPECT_THAT(text, HasSubstr("'a [2Jb c'"));
  EXPECT_THAT(text, HasSubstr("m n"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(InspectJson, HoldsTheWholeRecord) {
  const json record = {{"schema", "acestep/1"}, {"anything", 1}};
  const json result = inspect_json(found_with(record));
  EXPECT_EQ(result.at("record"), record);
  EXPECT_EQ(result.at("record_from"), "sidecar");
  EXPECT_EQ(result.at("file"), "a.json");
  EXPECT_TRUE(result.at("audio").is_null());
}

TEST(InspectJson, TellsAboutTheSound) {
  FoundRecord found = found_with({{"schema", "acestep/1"}});
  found.song_file = "a.flac";
  found.is_embedded = true;
  found.sound.emplace();
  found.sound->format = "FLAC, 16 bit";
  found.sound->waveform = audio::Waveform(48000, 2, 4800);
  found.sound->waveform.samples[0] = 0.5F;
  const json result = inspect_json(found);
  EXPECT_EQ(result.at("file"), "a.flac");
  EXPECT_EQ(result.at("record_from"), "embedded");
  EXPECT_EQ(result.at("audio").at("samples"), 4800);
  EXPECT_NEAR(result.at("audio").at("peak_db"), -6.0206, 1e-4);
}

// Records come from files of strangers: whatever they hold is shown or refused, never a crash.
class DamagedRecords : public acestep::testing::TempFolder {
 protected:
  // Shown in every form, or one Error.
  static bool is_shown(const std::filesystem::path& file) {
    try {
      const FoundRecord found = pipeline::find_record(file);
      EXPECT_FALSE(inspect_text(found).empty());
      EXPECT_FALSE(inspect_json(found).empty());
      pipeline::repeating_request(found);
      return true;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInput) << error.message();
      return false;
    }
  }
};

TEST_F(DamagedRecords, AreShownOrRefused) {
  const json record = {{"schema", "acestep/1"},
                       {"version", "0.1.0"},
                       {"request", {{"caption", "x"}, {"seeds", {7}}, {"batch_size", 2}}},
                       {"models", {{"dit", "a"}, {"vae", "v"}}},
                       {"composition", {{"bpm", 120}}},
                       {"song", {{"audio_sha256", "0"}}},
                       {"left_out", {"audio_codes"}}};
  const std::string whole = record.dump();
  ASSERT_TRUE(is_shown(write("a.json", whole)));
  util::SplitMix random(1);
  constexpr std::string_view kReplacements = "{}[]\",:01nt x\\";
  int shown = 0;
  for (int round = 0; round < 2000; ++round) {
    std::string damaged = whole;
    for (uint64_t i = random.below(3) + 1; i-- > 0;) {
      damaged[random.below(damaged.size())] = kReplacements[random.below(kReplacements.size())];
    }
    if (is_shown(write("a.json", damaged))) ++shown;
  }
  EXPECT_GT(shown, 100) << "some damage leaves a readable record";
  EXPECT_LT(shown, 1900) << "some does not";
}

}  // namespace
}  // namespace acestep::cli
