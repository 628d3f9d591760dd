#include "alignment/attention_map.h"

#include <gmock/gmock.h>

#include <cmath>

#include "alignment/median_filter.h"
#include "text/unicode_text.h"
#include "unit/alignment/maps.h"
#include "util/error.h"

namespace acestep::alignment {

Decode decode_with(std::vector<std::string> pieces) {
  return [pieces = std::move(pieces)](const TokenIds& ids) {
    std::string text;
    for (const int64_t id : ids) text += pieces.at(static_cast<size_t>(id));
    return text::repair_utf8(text);
  };
}

namespace {

using ::testing::ElementsAre;

TEST(MeanOf, AveragesHeads) {
  EXPECT_THAT(mean_of({make_map({{1, 2}}), make_map({{3, 6}})}).values, ElementsAre(2, 4));
}

TEST(RequireSound, TellsWhatIsNotFinite) {
  try {
    require_sound({make_map({{1.0F, NAN}})});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kRejected);
    EXPECT_THAT(error.message(), ::testing::HasSubstr("not finite"));
  }
}

TEST(RequireSound, RefusesHeadsOfDifferentSizes) {
  EXPECT_THROW(require_sound({make_map({{1, 2}}), make_map({{1, 2, 3}})}), Error);
  EXPECT_THROW(require_sound({}), Error);
}

TEST(MedianFilter, MirrorsAtBothEnds) {
  AttentionMap map = make_map({{5, 1, 9, 2, 7}});
  median_filter(map, 3);
  EXPECT_THAT(map.values, ElementsAre(1, 5, 2, 7, 2));
}

TEST(MedianFilter, LeavesSongsShorterThanItsReach) {
  AttentionMap map = make_map({{5, 1, 9}});
  median_filter(map, 7);
  EXPECT_THAT(map.values, ElementsAre(5, 1, 9));
}

TEST(MedianFilter, RefusesAnEvenWidth) {
  AttentionMap map = make_map({{5, 1, 9}});
  EXPECT_THROW(median_filter(map, 2), Error);
}

}  // namespace
}  // namespace acestep::alignment
