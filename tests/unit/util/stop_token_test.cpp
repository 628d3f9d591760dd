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

}  // namespace
}  // namespace acestep::util
