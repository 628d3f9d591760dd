#include "util/sha256.h"

#include "unit/util/temp_folder.h"
#include "util/crc32.h"

namespace acestep::util {
namespace {

using Sha256Test = testing::TempFolder;

// FIPS 180-2 appendix B.
constexpr std::string_view kDigestOfAbc =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST_F(Sha256Test, MatchesTheStandardsExample) { EXPECT_EQ(sha256_of("abc"), kDigestOfAbc); }

TEST_F(Sha256Test, IsTheSameInPieces) {
  Sha256 hash;
  hash.add("a");
  hash.add("");
  hash.add("bc");
  EXPECT_EQ(hash.finish(), kDigestOfAbc);
}

TEST_F(Sha256Test, ReadsFiles) { EXPECT_EQ(sha256_of_file(write("f", "abc")), kDigestOfAbc); }

TEST_F(Sha256Test, NamesAMissingFile) {
  EXPECT_THAT(testing::message_of(ErrorCode::kInput, [&] { sha256_of_file(folder_ / "absent"); }),
              ::testing::HasSubstr("absent"));
}

TEST(Crc32, MatchesTheCheckValue) {
  const std::string_view text = "123456789";
  EXPECT_EQ(crc32(std::as_bytes(std::span(text))), 0xCBF43926U);
}

}  // namespace
}  // namespace acestep::util
