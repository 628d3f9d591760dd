#include "text/description_hints.h"

#include <gtest/gtest.h>

namespace acestep::text {
namespace {

// Expected values: the reference's _parse_description_hints, called by a script.
struct Wish {
  const char* text;
  const char* language;
  bool is_instrumental = false;
};

class ReferenceHints : public ::testing::TestWithParam<Wish> {};

TEST_P(ReferenceHints, AreTheReferences) {
  const DescriptionHints hints = find_description_hints(GetParam().text, Compat::kReference);
  EXPECT_EQ(hints.language, GetParam().language);
  EXPECT_EQ(hints.is_instrumental, GetParam().is_instrumental);
}

INSTANTIATE_TEST_SUITE_P(
    All, ReferenceHints,
    ::testing::Values(Wish{"a soft Bengali love song", "bn"}, Wish{"NO USER INPUT", ""},
                      Wish{"piano solo", "", true}, Wish{"solo piano", ""},
                      Wish{"an instrumental in French", "fr", true}, Wish{"Frenchy pop", ""},
                      Wish{"deutsch, english", "en"}, Wish{"it was all a dream", "it"},
                      Wish{"(de)", ""}, Wish{"日本語の歌", ""}, Wish{"日本語 の歌", "ja"},
                      Wish{"中文 歌", "zh"}, Wish{"中文歌", ""}, Wish{"español!", "es"},
                      Wish{"pure music for sleep", "", true}, Wish{"Pl", "pl"},
                      Wish{"русский рок", "ru"}, Wish{"", ""}, Wish{"  Solo ", "", true},
                      Wish{"a_thai_song", ""}, Wish{"thai-pop", "th"}, Wish{"pt\nrock", "pt"},
                      Wish{"ko-fi", ""}, Wish{"français2", ""}));

TEST(DescriptionHints, WordsThatLookLikeCodesNameNoLanguage) {
  EXPECT_EQ(find_description_hints("make it soft").language, "");
  EXPECT_EQ(find_description_hints("canción de amor").language, "");
  EXPECT_EQ(find_description_hints("中文 歌").language, "zh");
  EXPECT_EQ(find_description_hints("a German waltz").language, "de");
}

}  // namespace
}  // namespace acestep::text
