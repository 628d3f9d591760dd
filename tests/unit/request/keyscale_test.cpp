#include "request/keyscale.h"

#include <gtest/gtest.h>

namespace acestep::request {
namespace {

TEST(Keyscales, AreSeventy) { EXPECT_EQ(keyscales().size(), 70u); }

class KnownKey : public ::testing::TestWithParam<std::string> {};

TEST_P(KnownKey, StaysAsItIs) { EXPECT_EQ(normalised_keyscale(GetParam()), GetParam()); }

INSTANTIATE_TEST_SUITE_P(All, KnownKey, ::testing::ValuesIn(keyscales()));

struct Spelling {
  const char* written;
  const char* meant;
};

class LooseKey : public ::testing::TestWithParam<Spelling> {};

TEST_P(LooseKey, IsUnderstood) {
  EXPECT_EQ(normalised_keyscale(GetParam().written), GetParam().meant);
}

INSTANTIATE_TEST_SUITE_P(All, LooseKey,
                         ::testing::Values(Spelling{"Am", "A minor"}, Spelling{"am", "A minor"},
                                           Spelling{"F#m", "F# minor"}, Spelling{"Bb", "Bb major"},
                                           Spelling{"bb", "Bb major"}, Spelling{"b", "B major"},
                                           Spelling{"bm", "B minor"}, Spelling{"AM", "A major"},
                                           Spelling{"E♭m", "E♭ minor"},
                                           Spelling{" c♯  MAJOR ", "C♯ major"},
                                           Spelling{"G maj", "G major"},
                                           Spelling{"dbmin", "Db minor"}));

class BadKey : public ::testing::TestWithParam<const char*> {};

TEST_P(BadKey, IsRefused) { EXPECT_EQ(normalised_keyscale(GetParam()), std::nullopt); }

INSTANTIATE_TEST_SUITE_P(All, BadKey,
                         ::testing::Values("", "H major", "A dorian", "C## major", "xx", "Cbb",
                                           "major", "A minor 7", "♭"));

}  // namespace
}  // namespace acestep::request
