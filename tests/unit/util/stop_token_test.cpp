#include "util/stop_token.h"

#include "unit/util/temp_folder.h"

namespace acestep::util {
namespace {

using ::acestep::testing::message_of;

TEST(StopTokenTest, IsQuietUntilAsked) {
  const StopToken token;
  EXPECT_FALSE(token.is_stopped());
  EXPECT_NO_THROW(token.throw_if_stopped());
}

TEST(StopTokenTest, TellsTheReasonByItsCode) {
  StopToken interrupted;
  interrupted.request(StopReason::kInterrupt);
  message_of(ErrorCode::kInterrupted, [&] { interrupted.throw_if_stopped(); });
  StopToken terminated;
  terminated.request(StopReason::kTerminate);
  message_of(ErrorCode::kTerminated, [&] { terminated.throw_if_stopped(); });
  StopToken late;
  late.request(StopReason::kTimeout);
  message_of(ErrorCode::kTimeout, [&] { late.throw_if_stopped(); });
}

TEST(StopTokenTest, KeepsTheFirstReason) {
  StopToken token;
  token.request(StopReason::kTerminate);
  token.request(StopReason::kInterrupt);
  EXPECT_EQ(token.reason(), StopReason::kTerminate);
}

TEST(StopTokenTest, ATimeLimitStopsUntilItIsLifted) {
  using std::chrono::duration;
  StopToken token;
  token.limit_time(duration<double>(1e300));
  EXPECT_FALSE(token.is_stopped());
  token.limit_time(duration<double>(0.0));
  EXPECT_EQ(token.reason(), StopReason::kTimeout);
  token.lift_time_limit();
  EXPECT_FALSE(token.is_stopped());
  token.request(StopReason::kInterrupt);
  token.limit_time(duration<double>(0.0));
  EXPECT_EQ(token.reason(), StopReason::kInterrupt);
}

}  // namespace
}  // namespace acestep::util
