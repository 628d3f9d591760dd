#include "util/argument_vector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "util/error.h"

namespace acestep::util {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(ParseArgumentVector, ReadsAListOfTexts) {
  EXPECT_THAT(parse_argument_vector(R"(["ffmpeg","-i","{}"])", "--decoder"),
              ElementsAre("ffmpeg", "-i", "{}"));
}

class NoArgumentVector : public testing::TestWithParam<const char*> {};

TEST_P(NoArgumentVector, IsRefused) {
  try {
    parse_argument_vector(GetParam(), "--decoder");
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    EXPECT_THAT(error.message(), HasSubstr("--decoder"));
  }
}

INSTANTIATE_TEST_SUITE_P(Texts, NoArgumentVector,
                         testing::Values("ffmpeg -i {}", "[]", R"([""])", R"(["a",1])",
                                         R"({"a":"b"})", R"("a")", R"(["a",["b"]])"));

TEST(WithFile, FillsEveryPlaceButTheProgram) {
  EXPECT_THAT(with_file({"{}", "-i", "{}", "a={},b={}"}, "x {}.m4a"),
              ElementsAre("{}", "-i", "x {}.m4a", "a=x {}.m4a,b=x {}.m4a"));
}

TEST(TakesFile, LooksBehindTheProgram) {
  EXPECT_TRUE(takes_file({"cat", "{}"}));
  EXPECT_FALSE(takes_file({"{}"}));
  EXPECT_FALSE(takes_file({}));
}

}  // namespace
}  // namespace acestep::util
