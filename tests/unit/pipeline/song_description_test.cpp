#include "pipeline/song_description.h"

#include <gmock/gmock.h>

namespace acestep::pipeline {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;

SongDescription complete() {
  return {.caption = "warm folk",
          .lyrics = "[Verse]\nla",
          .bpm = 96,
          .duration = 120.0,
          .keyscale = "A♭ minor",
          .language = "bn",
          .timesignature = "6"};
}

TEST(SongDescription, TakesWhatTheModelWrote) {
  const text::Metadata metadata = {{"caption", "warm folk"}, {"lyrics", "[Verse]\nla"},
                                   {"bpm", int64_t{96}},     {"duration", int64_t{120}},
                                   {"keyscale", "A♭ minor"}, {"language", "bn"},
                                   {"timesignature", "6"},   {"genres", "folk"}};
  EXPECT_EQ(to_description(metadata), complete());
}

TEST(SongDescription, IsAbsentWithoutMetadata) { EXPECT_EQ(to_description({}), std::nullopt); }

TEST(SongDescription, LeavesOpenWhatDoesNotParse) {
  const auto song =
      to_description({{"caption", "x"}, {"bpm", "fast"}, {"duration", "N/A"}, {"keyscale", "N/A"}});
  ASSERT_TRUE(song);
  EXPECT_EQ(*song, SongDescription{.caption = "x"});
}

TEST(SongDescription, LyricsMaySayThatNothingIsSung) {
  EXPECT_TRUE(to_description({{"lyrics", " [INST] "}})->is_instrumental);
  EXPECT_TRUE(to_description({{"caption", "x"}, {"instrumental", true}})->is_instrumental);
  EXPECT_FALSE(to_description({{"lyrics", "la la"}, {"instrumental", false}})->is_instrumental);
}

TEST(LeaveOutUnusable, KeepsWhatARequestMayHave) {
  SongDescription song = complete();
  EXPECT_THAT(leave_out_unusable(song), IsEmpty());
  EXPECT_EQ(song, complete());
}

TEST(LeaveOutUnusable, TellsEachValueThatNoSongCanHave) {
  SongDescription song = complete();
  song.bpm = 999;
  song.duration = 5.0;
  song.keyscale = "H moll";
  song.timesignature = "5";
  song.language = "elvish";
  const auto named = [](const char* field) { return Field(&song::Adjustment::field, field); };
  EXPECT_THAT(leave_out_unusable(song),
              ElementsAre(named("bpm"), named("duration"), named("keyscale"),
                          named("timesignature"), named("language")));
  EXPECT_EQ(song, (SongDescription{.caption = "warm folk", .lyrics = "[Verse]\nla"}));
}

TEST(SongDescription, IsARequestAsJson) {
  EXPECT_EQ(to_json(complete()), json({{"caption", "warm folk"},
                                       {"lyrics", "[Verse]\nla"},
                                       {"bpm", 96},
                                       {"duration", 120.0},
                                       {"keyscale", "A♭ minor"},
                                       {"language", "bn"},
                                       {"timesignature", "6"},
                                       {"instrumental", false}}));
  EXPECT_EQ(to_json(SongDescription{}).at("bpm"), nullptr);
}

}  // namespace
}  // namespace acestep::pipeline
