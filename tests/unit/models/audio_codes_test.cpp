#include "models/audio_codes.h"

#include <gmock/gmock.h>

#include <limits>

namespace acestep::models {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(ParseAudioCodes, TakesTheNumbersInOrder) {
  EXPECT_THAT(parse_audio_codes("<|audio_code_7|><|audio_code_63999|>"), ElementsAre(7, 63999));
}

TEST(ParseAudioCodes, PassesOverEverythingElse) {
  EXPECT_THAT(parse_audio_codes("a <|audio_code_1|>\n</think> <|audio_code_|> <|audio_code_-2|> "
                                "<|audio_code_3 |> <|audio_code_<|audio_code_4|>"),
              ElementsAre(1, 4));
}

TEST(ParseAudioCodes, AnEmptyTextHasNone) { EXPECT_THAT(parse_audio_codes(""), IsEmpty()); }

TEST(ParseAudioCodes, ANumberCutOffAtTheEndIsNone) {
  EXPECT_THAT(parse_audio_codes("<|audio_code_12"), IsEmpty());
}

TEST(ParseAudioCodes, AnEndlessNumberBecomesTheLargest) {
  EXPECT_THAT(parse_audio_codes("<|audio_code_99999999999999999999999|>"),
              ElementsAre(std::numeric_limits<int64_t>::max()));
}

TEST(ClampAudioCodes, MovesIntoTheCodebook) {
  EXPECT_THAT(clamp_audio_codes({0, 64000, 63999, -1}, 64000), ElementsAre(0, 63999, 63999, 0));
}

TEST(PrintAudioCodes, IsWhatParseReads) {
  const std::vector<int64_t> codes = {5, 0, 63999};
  EXPECT_EQ(print_audio_codes({7}), "<|audio_code_7|>");
  EXPECT_EQ(parse_audio_codes(print_audio_codes(codes)), codes);
}

}  // namespace
}  // namespace acestep::models
