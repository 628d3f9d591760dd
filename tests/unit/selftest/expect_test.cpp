#include "selftest/expect.h"

#include <ATen/ATen.h>

#include <cmath>
#include <limits>

#include "unit/util/temp_folder.h"

namespace acestep::selftest {
namespace {

using acestep::testing::message_of;
using ::testing::HasSubstr;

std::string failure(const std::function<void(Expect&)>& judge) {
  Expect expect;
  return message_of(ErrorCode::kRejected, [&] { judge(expect); });
}

TEST(Expect, LetsPassWhatFits) {
  Expect expect;
  expect.near("x", 1.05, 1.0, 0.1);
  expect.near("t", at::ones({2, 2}), at::ones({2, 2}, at::kDouble), 0.0);
  expect.same("s", "a", "a");
  expect.same("n", 3, 3);
  expect.is_true("b", true);
  expect.refused("r", ErrorCode::kInput, [] { throw Error(ErrorCode::kInput, "no"); });
  EXPECT_EQ(expect.findings(), 6);
}

TEST(Expect, NamesWhatDoesNotFit) {
  EXPECT_EQ(failure([](Expect& e) { e.near("the peak", 1.2, 1.0, 0.1); }),
            "the peak is 1.2, expected 1 ± 0.1");
  EXPECT_EQ(failure([](Expect& e) { e.same("the word", "a", "b"); }),
            "the word is 'a', expected 'b'");
  EXPECT_THAT(failure([](Expect& e) { e.is_true("it holds", false); }), HasSubstr("it holds"));
}

TEST(Expect, NotANumberAgreesWithNothing) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  failure([&](Expect& e) { e.near("x", nan, 1.0, 1e9); });
  failure([&](Expect& e) { e.near("x", 1.0, nan, 1e9); });
  failure([&](Expect& e) { e.near("x", 1.0, 1.0, nan); });
  failure([&](Expect& e) { e.near("t", at::full({2}, nan), at::ones({2}), 1.0); });
}

TEST(Expect, TensorsOfOtherShapesDiffer) {
  EXPECT_THAT(failure([](Expect& e) {
                e.near("t", at::ones({2, 3}), at::ones({2, 1}), 1.0);
              }),
              HasSubstr("of shape [2, 3], expected [2, 1]"));
}

TEST(Expect, AnotherRefusalOrNoneIsAFailure) {
  failure([](Expect& e) { e.refused("r", ErrorCode::kInput, [] {}); });
  failure([](Expect& e) {
    e.refused("r", ErrorCode::kInput, [] { throw Error(ErrorCode::kModel, "no"); });
  });
}

TEST(Expect, FalsifiesTheFindingAskedFor) {
  Expect expect(2);
  expect.same("first", "a", "a");
  EXPECT_EQ(message_of(ErrorCode::kRejected, [&] { expect.same("second", "a", "a"); }),
            "second is 'a!', expected 'a'");
}

}  // namespace
}  // namespace acestep::selftest
