#include "text/lm_metadata.h"

#include <gtest/gtest.h>

#include "util/error.h"

namespace acestep::text {
namespace {

TEST(FormatMetadataAsCot, WritesKnownFieldsInOrder) {
  const Metadata metadata = {
      {"timesignature", "3/4"}, {"genres", "folk"}, {"bpm", int64_t{90}}, {"keyscale", {}}};
  EXPECT_EQ(format_metadata_as_cot(metadata), "<think>\nbpm: 90\ntimesignature: 3\n</think>");
}

TEST(FormatMetadataAsCot, NothingGivesAnEmptyThought) {
  EXPECT_EQ(format_metadata_as_cot({}), "<think>\n\n</think>");
}

TEST(FormatMetadataAsCot, FixedKeepsCaptionsOfDigits) {
  EXPECT_EQ(format_metadata_as_cot({{"caption", "007"}}), "<think>\ncaption: '007'\n</think>");
  EXPECT_EQ(format_metadata_as_cot({{"caption", "007"}}, Compat::kReference),
            "<think>\ncaption: 7\n</think>");
}

TEST(FormatMetadataAsCot, FixedTakesAnyTimeSignature) {
  EXPECT_EQ(format_metadata_as_cot({{"timesignature", int64_t{4}}}),
            "<think>\ntimesignature: 4\n</think>");
  EXPECT_THROW(format_metadata_as_cot({{"timesignature", int64_t{4}}}, Compat::kReference), Error);
}

TEST(FormatMetadataAsCot, FixedKeepsDigitsThatAreNoDecimals) {
  EXPECT_EQ(format_metadata_as_cot({{"bpm", "²"}}), "<think>\nbpm: ²\n</think>");
  EXPECT_THROW(format_metadata_as_cot({{"bpm", "²"}}, Compat::kReference), Error);
}

TEST(HasAllMetas, AsksForPresenceOnly) {
  Metadata metadata = {{"bpm", {}}, {"keyscale", ""}, {"timesignature", "4"}};
  EXPECT_FALSE(has_all_metas(metadata));
  metadata["duration"] = int64_t{0};
  EXPECT_TRUE(has_all_metas(metadata));
}

TEST(FillFromLm, KeepsWhatIsGiven) {
  OpenFields fields;
  fields.bpm = 120;
  fields.duration = 20.0;
  const OpenFields out = fill_from_lm(fields, {{"bpm", int64_t{90}}, {"duration", int64_t{55}}});
  EXPECT_EQ(out.bpm, 120);
  EXPECT_EQ(out.duration, 20.0);
}

TEST(FillFromLm, FixedTakesTheLanguageThatTheModelWrites) {
  OpenFields fields;
  fields.vocal_language = "unknown";
  const Metadata metadata = {{"language", "zh"}};
  EXPECT_EQ(fill_from_lm(fields, metadata).vocal_language, "zh");
  EXPECT_EQ(fill_from_lm(fields, metadata, Compat::kReference).vocal_language, "unknown");
}

TEST(FillFromLm, FixedLeavesAMissingDurationOpen) {
  EXPECT_EQ(fill_from_lm({}, {{"bpm", int64_t{1}}}).duration, std::nullopt);
  EXPECT_EQ(fill_from_lm({}, {{"bpm", int64_t{1}}}, Compat::kReference).duration, -1.0);
}

TEST(ToSample, EmptyMetadataIsNoSample) { EXPECT_FALSE(to_sample({}, {}).has_value()); }

TEST(ToSample, ConvertsNumbersAndDropsNotAvailable) {
  const auto sample = to_sample({{"bpm", 99.9}, {"duration", "x"}, {"keyscale", "N/A"}}, {});
  EXPECT_EQ(sample->bpm, 99);
  EXPECT_EQ(sample->duration, std::nullopt);
  EXPECT_EQ(to_text(sample->keyscale), "");
}

}  // namespace
}  // namespace acestep::text
