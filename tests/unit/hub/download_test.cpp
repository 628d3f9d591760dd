#include "hub/download.h"

#include "hub/download_record.h"
#include "unit/hub/download_fixture.h"
#include "util/sha256.h"

namespace acestep::hub {
namespace {

namespace fs = std::filesystem;
using ::acestep::testing::DownloadTest;
using ::acestep::testing::kTestModel;
using ::acestep::testing::message_of;
using ::acestep::testing::Misdeed;
using Kind = ::acestep::testing::Misdeed::Kind;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST_F(DownloadTest, FetchesWhatAModelNeedsAndNothingElse) {
  run();
  expect_complete();
  EXPECT_THAT(observer_.done, ElementsAre("model.safetensors", "silence_latent.pt", "config.json"));
  EXPECT_FALSE(is_there("modeling.py"));
  EXPECT_FALSE(is_there("assets"));
}

TEST_F(DownloadTest, LeavesARecordWithDigests) {
  run();
  const DownloadRecord record = read_record(folder_ / kTestModel);
  EXPECT_EQ(record.repo, "ACE-Step/acestep-v15-sft");
  ASSERT_EQ(record.files.size(), 3U);
  for (const RecordedFile& file : record.files) {
    EXPECT_EQ(file.sha256, util::sha256_of(published(file.name)));
    EXPECT_EQ(file.bytes, published(file.name).size());
  }
}

TEST_F(DownloadTest, DoesNothingTheSecondTime) {
  run();
  const size_t before = server_.file_requests();
  run();
  EXPECT_EQ(server_.file_requests(), before);
}

TEST_F(DownloadTest, ReplacesAFileWithOtherContentOfTheSameSize) {
  run();
  std::string damaged = published("model.safetensors");
  damaged[500] = static_cast<char>(damaged[500] ^ 1);
  std::ofstream(target("model.safetensors"), std::ios::binary) << damaged;
  run();
  expect_complete();
}

TEST_F(DownloadTest, ForceFetchesAgain) {
  run();
  HttpClient client(limits_);
  const DownloadPlan again = plan(client, Source::kHuggingFace, Present::kFetchAgain);
  EXPECT_EQ(again.missing_bytes(), again.all_bytes());
  download(again, {client, access_, observer_, stop_, retry_});
  EXPECT_EQ(observer_.done.size(), 6U);
  expect_complete();
}

TEST_F(DownloadTest, AnEmptyFileIsAFileToo) {
  files_.push_back({"LICENSE", "", false});
  publish(server_, testing::kTestRepo, files_);
  run();
  EXPECT_TRUE(is_there("LICENSE"));
  EXPECT_EQ(content_of(target("LICENSE")), "");
}

TEST_F(DownloadTest, ModelScopeGivesTheSame) {
  run(Source::kModelScope);
  expect_complete();
  for (const auto& request : server_.requests()) EXPECT_EQ(request.token, "");
}

TEST_F(DownloadTest, AWrongDigestLeavesNothing) {
  server_.misbehave({{Kind::kCorrupt}});
  EXPECT_THAT(message_of(ErrorCode::kModel, [&] { run(); }),
              HasSubstr("model.safetensors: the content does not have the digest"));
  EXPECT_FALSE(is_there("model.safetensors"));
  EXPECT_EQ(part_bytes(), 0U);
  run();
  expect_complete();
}

TEST_F(DownloadTest, AWrongGitDigestIsSeenToo) {
  server_.misbehave({{}, {}, {Kind::kCorrupt}});
  EXPECT_THAT(message_of(ErrorCode::kModel, [&] { run(); }), HasSubstr("config.json"));
  EXPECT_FALSE(is_there("config.json"));
}

TEST_F(DownloadTest, ADamagedPartIsFetchedAgainFromTheStart) {
  const fs::path part = PartFile::path_for(target("model.safetensors"),
                                           util::sha256_of(published("model.safetensors")));
  fs::create_directories(part.parent_path());
  std::ofstream(part, std::ios::binary) << std::string(40'000, 'x');
  run();
  expect_complete();
  EXPECT_THAT(observer_.notes, Contains(HasSubstr("damaged; beginning again")));
}

TEST_F(DownloadTest, APartThatIsTooLongIsBegunAgain) {
  const fs::path part = PartFile::path_for(target("model.safetensors"),
                                           util::sha256_of(published("model.safetensors")));
  fs::create_directories(part.parent_path());
  std::ofstream(part, std::ios::binary) << std::string(200'000, 'x');
  run();
  expect_complete();
}

TEST_F(DownloadTest, RefusesBeforeTheFirstByteWhenTheDiskIsTooSmall) {
  HttpClient client(limits_);
  const std::vector<DownloadPlan> plans = {plan(client)};
  const auto tiny_disk = [](const fs::path&) { return uint64_t{1000}; };
  const std::string message =
      message_of(ErrorCode::kOutput, [&] { require_space(plans, folder_, tiny_disk); });
  EXPECT_THAT(message, HasSubstr("1.00 kB are free"));
  EXPECT_EQ(server_.file_requests(), 0U);
}

TEST_F(DownloadTest, PartsAlreadyThereNeedNoSpace) {
  server_.misbehave({{Kind::kCut, 60'000}, {Kind::kStatus, 404}});
  message_of(ErrorCode::kModel, [&] { run(); });
  HttpClient client(limits_);
  const DownloadPlan rest = plan(client);
  EXPECT_EQ(rest.missing_bytes(), rest.all_bytes() - 60'000);
  const uint64_t spare = 64 << 20;
  const auto disk = [&](const fs::path&) { return rest.missing_bytes() + spare; };
  require_space({rest}, folder_, disk);
}

TEST_F(DownloadTest, APartThatIsALinkIsRefused) {
  fs::create_directories(folder_ / kTestModel);
  const fs::path elsewhere = write("elsewhere", "not ours to write");
  const std::string digest = util::sha256_of(published("model.safetensors"));
  fs::create_symlink(elsewhere, PartFile::path_for(target("model.safetensors"), digest));
  message_of(ErrorCode::kOutput, [&] { run(); });
  EXPECT_EQ(content_of(elsewhere), "not ours to write");
}

TEST_F(DownloadTest, FolderThatCannotBeMadeIsAnOutputError) {
  std::ofstream(folder_ / kTestModel) << "a file in the way";
  EXPECT_THAT(message_of(ErrorCode::kOutput, [&] { run(); }), HasSubstr(kTestModel));
}

TEST_F(DownloadTest, AStopKeepsThePart) {
  class StopsHalfway final : public DownloadObserver {
   public:
    explicit StopsHalfway(util::StopToken& stop) : stop_(stop) {}
    void file_begins(const std::string&, uint64_t, uint64_t) override {}
    void bytes_present(uint64_t bytes) override {
      if (bytes > 10'000) stop_.request(util::StopReason::kInterrupt);
    }
    void file_is_checked(const std::string&) override {}
    void file_is_done(const std::string&, uint64_t) override {}
    void note(const std::string&) override {}

   private:
    util::StopToken& stop_;
  };
  HttpClient client(limits_);
  const DownloadPlan whole = plan(client);
  StopsHalfway observer(stop_);
  server_.misbehave({{Kind::kStall, 50'000}});
  message_of(ErrorCode::kInterrupted, [&] {
    download(whole, {client, access_, observer, stop_, retry_});
  });
  EXPECT_FALSE(is_there("model.safetensors"));
  EXPECT_GT(part_bytes(), 10'000U);
}

TEST_F(DownloadTest, OfflineOpensNoConnection) {
  access_.is_offline = true;
  EXPECT_THAT(message_of(ErrorCode::kModel, [&] { run(); }), HasSubstr("offline"));
  EXPECT_THAT(server_.requests(), IsEmpty());
}

TEST_F(DownloadTest, AbandonedFilesAreSwept) {
  fs::create_directories(folder_ / kTestModel);
  const fs::path left = target(".model.safetensors.part-0badcafe");
  std::ofstream(left) << "left by a killed run";
  run();
  EXPECT_FALSE(fs::exists(left));
}

}  // namespace
}  // namespace acestep::hub
