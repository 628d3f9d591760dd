#include "lm/given_metadata.h"

#include <gmock/gmock.h>

#include "util/error.h"

namespace acestep::lm {
namespace {

text::Metadata with(const std::string& key, text::MetadataValue value) {
  text::Metadata metadata;
  metadata[key] = std::move(value);
  return metadata;
}

TEST(CheckGiven, AcceptsTheLimits) {
  EXPECT_NO_THROW(check_given(with("bpm", int64_t{30})));
  EXPECT_NO_THROW(check_given(with("duration", int64_t{600})));
  EXPECT_NO_THROW(check_given(with("keyscale", std::string("A♭ minor"))));
  EXPECT_NO_THROW(check_given(with("timesignature", std::string("6"))));
}

TEST(CheckGiven, NamesFieldValueAndRange) {
  try {
    check_given(with("bpm", int64_t{999}));
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    EXPECT_EQ(error.message(), "bpm is '999', allowed: 30 … 300");
  }
}

TEST(CheckGiven, RejectsAnUnknownKey) {
  EXPECT_THROW(check_given(with("keyscale", std::string("H moll"))), Error);
}

TEST(GivenValues, LeaveOutNulls) {
  text::Metadata metadata = with("bpm", int64_t{120});
  metadata["keyscale"] = {};
  const GivenValues values = given_values(metadata);
  ASSERT_EQ(values.size(), 1U);
  EXPECT_EQ(values.at(Field::kBpm), "120");
}

}  // namespace
}  // namespace acestep::lm
