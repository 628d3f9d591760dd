// Servers that cut, stall, lie about lengths, ignore ranges and redirect in circles.
#include "hub/transfer.h"

#include "unit/hub/download_fixture.h"
#include "util/split_mix.h"

namespace acestep::hub {
namespace {

using ::acestep::testing::DownloadTest;
using ::acestep::testing::kTestRepo;
using ::acestep::testing::LoopbackServer;
using ::acestep::testing::message_of;
using ::acestep::testing::Misdeed;
using Kind = ::acestep::testing::Misdeed::Kind;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

// The offset at which run `index` of the next test is cut: seeded, ends included.
int64_t cut_of(int index) {
  constexpr int64_t kEdges[] = {0, 1, 99'999, 16'384, 16'385};
  if (index < 5) return kEdges[index];
  return static_cast<int64_t>(util::SplitMix(static_cast<uint64_t>(index)).below(100'000));
}

class CutTest : public DownloadTest, public ::testing::WithParamInterface<int> {};

TEST_P(CutTest, TheNextRunGoesOnWhereThisOneWasCut) {
  const int64_t cut = cut_of(GetParam());
  server_.misbehave({{Kind::kCut, cut}, {Kind::kStatus, 403}});
  message_of(ErrorCode::kModel, [&] { run(); });
  EXPECT_FALSE(is_there("model.safetensors"));
  EXPECT_EQ(part_bytes(), static_cast<uint64_t>(cut));
  run();
  expect_complete();
  EXPECT_EQ(observer_.resumed_bytes, static_cast<uint64_t>(cut));
}
INSTANTIATE_TEST_SUITE_P(SeededOffsets, CutTest, ::testing::Range(0, 60));

TEST_F(DownloadTest, OneRunSurvivesManyCutsWithProgress) {
  std::vector<Misdeed> cuts;
  for (uint64_t i = 0; i < 30; ++i) {
    cuts.push_back({Kind::kCut, static_cast<int64_t>(util::SplitMix(i).below(3000)) + 1});
  }
  server_.misbehave(cuts);
  run();
  expect_complete();
}

TEST_F(DownloadTest, CutsWithoutProgressEndAfterThreeTries) {
  server_.always_misbehave({Kind::kCut, 0});
  EXPECT_THAT(message_of(ErrorCode::kModel, [&] { run(); }), HasSubstr("model.safetensors"));
  EXPECT_EQ(server_.file_requests(), 3U);
}

TEST_F(DownloadTest, A200ForARangeBeginsAgain) {
  server_.misbehave({{Kind::kCut, 70'000}, {Kind::kIgnoreRange}});
  run();
  expect_complete();
  EXPECT_THAT(observer_.notes, Contains(HasSubstr("sends all from the start")));
}

TEST_F(DownloadTest, AServerThatAlwaysIgnoresRangesAndCutsIsGivenUp) {
  server_.always_misbehave({Kind::kCutFromStart, 50'000});
  EXPECT_THAT(message_of(ErrorCode::kModel, [&] { run(); }), HasSubstr("model.safetensors"));
  EXPECT_EQ(server_.file_requests(), 3U);
}

TEST_F(DownloadTest, AFailingHubLeavesThePartForTheNextRun) {
  server_.misbehave({{Kind::kCut, 70'000}});
  server_.always_misbehave({Kind::kStatus, 500});
  EXPECT_THAT(message_of(ErrorCode::kModel, [&] { run(); }), HasSubstr("answers 500"));
  EXPECT_EQ(part_bytes(), 70'000U);
}

TEST_F(DownloadTest, A416BeginsAgain) {
  server_.misbehave({{Kind::kCut, 70'000}, {Kind::kStatus, 416}});
  run();
  expect_complete();
  EXPECT_THAT(observer_.notes, Contains(HasSubstr("refuses to go on")));
}

TEST_F(DownloadTest, A416ForeverIsAnError) {
  server_.always_misbehave({Kind::kStatus, 416});
  EXPECT_THAT(message_of(ErrorCode::kModel, [&] { run(); }), HasSubstr("answers 416"));
}

TEST_F(DownloadTest, AnotherRangeThanAskedForBeginsAgain) {
  server_.misbehave({{Kind::kCut, 70'000}, {Kind::kWrongRange, 1000}});
  run();
  expect_complete();
  EXPECT_THAT(observer_.notes, Contains(HasSubstr("another part than asked for")));
}

TEST_F(DownloadTest, AFileThatChangedMeanwhileIsTold) {
  server_.misbehave({{Kind::kCut, 70'000}, {Kind::kWrongTotal, 5}});
  EXPECT_THAT(message_of(ErrorCode::kModel, [&] { run(); }), HasSubstr("the hub now has"));
  EXPECT_FALSE(is_there("model.safetensors"));
}

TEST_F(DownloadTest, ALengthThatPromisesTooMuchIsMadeUpFor) {
  server_.misbehave({{Kind::kWrongLength, 5000}});
  run();
  expect_complete();
}

TEST_F(DownloadTest, ALengthThatPromisesTooLittleIsMadeUpFor) {
  server_.misbehave({{Kind::kWrongLength, -5000}});
  run();
  expect_complete();
}

TEST_F(DownloadTest, NoLengthIsFine) {
  server_.misbehave({{Kind::kNoLength}});
  run();
  expect_complete();
}

TEST_F(DownloadTest, ChunksAreFine) {
  server_.always_misbehave({Kind::kChunked});
  run();
  expect_complete();
}

TEST_F(DownloadTest, AnEmptyAnswerIsTriedAgain) {
  server_.misbehave({{Kind::kEmpty}});
  run();
  expect_complete();
}

TEST_F(DownloadTest, OnlyEmptyAnswersAreAnError) {
  server_.always_misbehave({Kind::kEmpty});
  EXPECT_THAT(message_of(ErrorCode::kModel, [&] { run(); }),
              HasSubstr("0 of 100000 bytes came in 3 tries"));
}

TEST_F(DownloadTest, MoreThanListedIsRefused) {
  server_.misbehave({{Kind::kExtra, 10}});
  EXPECT_THAT(message_of(ErrorCode::kModel, [&] { run(); }), HasSubstr("more than the 100000"));
  EXPECT_FALSE(is_there("model.safetensors"));
}

TEST_F(DownloadTest, AStallIsCutAndResumed) {
  server_.misbehave({{Kind::kStall, 30'000}});
  run();
  expect_complete();
}

TEST_F(DownloadTest, ABusyHubIsAskedAgain) {
  server_.misbehave({{Kind::kStatus, 503}, {Kind::kStatus, 429}});
  run();
  expect_complete();
}

TEST_F(DownloadTest, ARedirectLeadsOn) {
  LoopbackServer other;
  other.serve("/blob", published("model.safetensors"));
  server_.misbehave({{Kind::kRedirect, 0, other.url() + "/blob"}});
  run();
  expect_complete();
}

TEST_F(DownloadTest, ATokenStaysWithItsHost) {
  LoopbackServer other;
  other.serve("/blob", published("model.safetensors"));
  // Another port, and another name for the same machine.
  const std::string by_name = "http://localhost:" + std::to_string(other.port()) + "/blob";
  server_.misbehave({{Kind::kRedirect, 0, other.url() + "/blob"}});
  run();
  std::filesystem::remove(target("model.safetensors"));
  server_.misbehave({{Kind::kRedirect, 0, by_name}});
  run();
  ASSERT_EQ(other.requests().size(), 2U);
  for (const auto& request : other.requests()) EXPECT_EQ(request.token, "");
  for (const auto& request : server_.requests()) EXPECT_EQ(request.token, "hf_secret");
}

TEST_F(DownloadTest, ResumesThroughARedirect) {
  LoopbackServer other;
  other.serve("/blob", published("model.safetensors"));
  const Misdeed redirect{Kind::kRedirect, 0, other.url() + "/blob"};
  server_.misbehave({redirect, redirect});
  other.misbehave({{Kind::kCut, 12'345}});
  run();
  expect_complete();
  EXPECT_EQ(other.requests().back().range, "bytes=12345-");
}

TEST_F(DownloadTest, RedirectsInCirclesEnd) {
  const std::string self =
      server_.url() + testing::huggingface_path(kTestRepo, "model.safetensors");
  server_.always_misbehave({Kind::kRedirect, 0, self});
  EXPECT_THAT(message_of(ErrorCode::kModel, [&] { run(); }), HasSubstr("redirects"));
}

TEST_F(DownloadTest, ARedirectToAFileIsRefused) {
  server_.always_misbehave({Kind::kRedirect, 0, "file:///etc/passwd"});
  message_of(ErrorCode::kModel, [&] { run(); });
  EXPECT_FALSE(is_there("model.safetensors"));
}

TEST_F(DownloadTest, MissingIsTold) {
  server_.misbehave({{Kind::kStatus, 404}});
  EXPECT_THAT(message_of(ErrorCode::kModel, [&] { run(); }), HasSubstr("answers 404"));
  EXPECT_EQ(server_.file_requests(), 1U);
}

std::string hint_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.message() + "\n" + error.hint();
  }
  return "no Error was thrown";
}

TEST_F(DownloadTest, A401WithoutATokenAsksForOne) {
  access_.token.clear();
  server_.misbehave({{Kind::kStatus, 401}});
  EXPECT_THAT(hint_of([&] { run(); }), HasSubstr("set HF_TOKEN"));
}

TEST_F(DownloadTest, A401WithATokenDoubtsItWithoutShowingIt) {
  server_.misbehave({{Kind::kStatus, 401}});
  const std::string text = hint_of([&] { run(); });
  EXPECT_THAT(text, HasSubstr("HF_TOKEN is not accepted"));
  EXPECT_THAT(text, Not(HasSubstr("hf_secret")));
}

TEST_F(DownloadTest, A403NamesThePageWhoseTermsAreToBeAccepted) {
  server_.misbehave({{Kind::kStatus, 403}});
  EXPECT_THAT(hint_of([&] { run(); }), HasSubstr(server_.url() + "/" + kTestRepo));
}

TEST_F(DownloadTest, NobodyThereIsToldAtOnce) {
  access_.huggingface = "http://127.0.0.1:1";
  EXPECT_THAT(hint_of([&] { run(); }), HasSubstr("cannot be reached"));
}

TEST_F(DownloadTest, AHubThatNeverAnswersIsToldAtOnce) {
  access_.huggingface = "http://no-such-host.invalid";
  EXPECT_THAT(hint_of([&] { run(); }), HasSubstr("Check the network"));
}

}  // namespace
}  // namespace acestep::hub
