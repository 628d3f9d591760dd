#include "weights/shard_index.h"

#include <sys/stat.h>

#include "unit/util/temp_folder.h"
#include "unit/weights/hostile_bytes.h"

namespace acestep::weights {
namespace {

namespace fs = std::filesystem;
using ::acestep::testing::message_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ShardIndexTest : public testing::TempFolder {
 protected:
  // The message for an index whose tensor w lies in `shard`, spelled as JSON.
  std::string refusal_of(const std::string& shard) const {
    return refusal_of_text(R"({"weight_map":{"w":")" + shard + "\"}}");
  }
  std::string refusal_of_text(const std::string& text) const {
    const fs::path index = write("model.safetensors.index.json", text);
    const std::string message = message_of(ErrorCode::kModel, [&] { read_shard_index(index); });
    EXPECT_THAT(message, ::testing::StartsWith(index.string() + ": "));
    return message;
  }
};

TEST_F(ShardIndexTest, ListsEachShardOnce) {
  write("a.safetensors", "");
  write("b.safetensors", "");
  const ShardIndex index =
      read_shard_index(write("i.json", R"({"metadata":{"total_size":3},"weight_map":
             {"x":"b.safetensors","y":"a.safetensors","z":"b.safetensors"}})"));
  EXPECT_THAT(index.files, ElementsAre("a.safetensors", "b.safetensors"));
  EXPECT_EQ(index.file_of_tensor.at("z"), "b.safetensors");
}

TEST_F(ShardIndexTest, FollowsALinkToASibling) {
  write("a.safetensors", "");
  fs::create_symlink("a.safetensors", folder_ / "b.safetensors");
  EXPECT_NO_THROW(read_shard_index(write("i.json", R"({"weight_map":{"x":"b.safetensors"}})")));
}

TEST_F(ShardIndexTest, RefusesTheParentFolder) {
  EXPECT_THAT(refusal_of("../a.safetensors"), HasSubstr("not a plain file name"));
  EXPECT_THAT(refusal_of(".."), HasSubstr("not a plain file name"));
}

TEST_F(ShardIndexTest, RefusesAnAbsolutePath) {
  EXPECT_THAT(refusal_of((folder_ / "a.safetensors").string()), HasSubstr("not a plain file name"));
}

TEST_F(ShardIndexTest, RefusesASubfolder) {
  EXPECT_THAT(refusal_of("sub/a.safetensors"), HasSubstr("not a plain file name"));
}

TEST_F(ShardIndexTest, RefusesALinkOutOfTheFolder) {
  const fs::path home = folder_ / "home";
  fs::create_directory(home);
  write("secret.safetensors", "");
  fs::create_symlink("../secret.safetensors", home / "a.safetensors");
  const fs::path index = write("home/i.json", R"({"weight_map":{"w":"a.safetensors"}})");
  EXPECT_THAT(message_of(ErrorCode::kModel, [&] { read_shard_index(index); }),
              HasSubstr("leads out of the model folder"));
}

// A download cache: snapshots/x holds links, the files themselves lie together in blobs.
class CachedShardIndexTest : public ShardIndexTest {
 protected:
  void SetUp() override {
    ShardIndexTest::SetUp();
    fs::create_directories(folder_ / "snapshots/x");
    fs::create_directory(folder_ / "blobs");
    write("blobs/0a", R"({"weight_map":{"w":"a.safetensors"}})");
    write("blobs/1b", "");
    write("secret.safetensors", "");
  }
  void link(const fs::path& target, const std::string& name) const {
    fs::create_symlink(target, folder_ / "snapshots/x" / name);
  }
  fs::path index() const { return folder_ / "snapshots/x/i.json"; }
  std::string refusal() const {
    return message_of(ErrorCode::kModel, [&] { read_shard_index(index()); });
  }
};

TEST_F(CachedShardIndexTest, FollowsTheLinksOfADownloadCache) {
  link("../../blobs/0a", "i.json");
  link("../../blobs/1b", "a.safetensors");
  EXPECT_THAT(read_shard_index(index()).files, ElementsAre("a.safetensors"));
}

TEST_F(CachedShardIndexTest, FollowsLinksOfLinks) {
  link("../../blobs/0a", "i.json");
  link("../../blobs/1b", "b");
  link("b", "a.safetensors");
  EXPECT_NO_THROW(read_shard_index(index()));
}

TEST_F(CachedShardIndexTest, RefusesAShardElsewhere) {
  link("../../blobs/0a", "i.json");
  link("../../secret.safetensors", "a.safetensors");
  EXPECT_THAT(refusal(), HasSubstr("leads out of the model folder"));
}

TEST_F(CachedShardIndexTest, RefusesABlobWhenTheIndexIsNoLink) {
  write("snapshots/x/i.json", R"({"weight_map":{"w":"a.safetensors"}})");
  link("../../blobs/1b", "a.safetensors");
  EXPECT_THAT(refusal(), HasSubstr("leads out of the model folder"));
}

TEST_F(CachedShardIndexTest, RefusesAFolderBesideTheIndex) {
  link("../../blobs/0a", "i.json");
  link("../../blobs", "a.safetensors");
  EXPECT_THAT(refusal(), HasSubstr("leads out of the model folder"));
}

TEST_F(CachedShardIndexTest, RefusesABlobThatIsAPipe) {
  link("../../blobs/0a", "i.json");
  ASSERT_EQ(::mkfifo((folder_ / "blobs/2c").c_str(), 0600), 0);
  link("../../blobs/2c", "a.safetensors");
  EXPECT_THAT(refusal(), HasSubstr("not a regular file"));
}

TEST_F(CachedShardIndexTest, RefusesALinkThatEndsNowhere) {
  link("../../blobs/0a", "i.json");
  link("../../blobs/absent", "a.safetensors");
  EXPECT_THAT(refusal(), HasSubstr("which is missing"));
}

TEST_F(CachedShardIndexTest, RefusesARingOfLinks) {
  link("../../blobs/0a", "i.json");
  link("b.safetensors", "a.safetensors");
  link("a.safetensors", "b.safetensors");
  EXPECT_THAT(refusal(), HasSubstr("which is missing"));
}

TEST_F(ShardIndexTest, RefusesANulInTheName) {
  EXPECT_THAT(refusal_of("a\\u0000.safetensors"), HasSubstr("not a plain file name"));
}

TEST_F(ShardIndexTest, RefusesAnEmptyName) {
  EXPECT_THAT(refusal_of(""), HasSubstr("not a plain file name"));
}

TEST_F(ShardIndexTest, RefusesABackslash) {
  EXPECT_THAT(refusal_of("..\\\\a.safetensors"), HasSubstr("not a plain file name"));
}

TEST_F(ShardIndexTest, RefusesADrive) {
  EXPECT_THAT(refusal_of("c:a.safetensors"), HasSubstr("not a plain file name"));
}

TEST_F(ShardIndexTest, RefusesAnotherKindOfFile) {
  EXPECT_THAT(refusal_of("pytorch_model.bin"), HasSubstr("expected *.safetensors"));
}

TEST_F(ShardIndexTest, RefusesADirectory) {
  fs::create_directory(folder_ / "a.safetensors");
  EXPECT_THAT(refusal_of("a.safetensors"), HasSubstr("not a regular file"));
}

TEST_F(ShardIndexTest, RefusesAPipe) {
  ASSERT_EQ(::mkfifo((folder_ / "a.safetensors").c_str(), 0600), 0);
  EXPECT_THAT(refusal_of("a.safetensors"), HasSubstr("not a regular file"));
}

TEST_F(ShardIndexTest, RefusesADevice) {
  fs::create_symlink("/dev/zero", folder_ / "a.safetensors");
  EXPECT_THAT(refusal_of("a.safetensors"), HasSubstr("leads out of the model folder"));
}

TEST_F(ShardIndexTest, RefusesAMissingShard) {
  EXPECT_THAT(refusal_of("a.safetensors"), HasSubstr("which is missing"));
}

TEST_F(ShardIndexTest, RefusesATensorListedTwice) {
  EXPECT_THAT(refusal_of_text(R"({"weight_map":{"w":"a.safetensors","w":"b.safetensors"}})"),
              HasSubstr("key 'w' is given twice"));
}

TEST_F(ShardIndexTest, RefusesOtherLayouts) {
  refusal_of_text("[]");
  refusal_of_text("{}");
  refusal_of_text(R"({"weight_map":[]})");
  refusal_of_text(R"({"weight_map":{}})");
  refusal_of_text(R"({"weight_map":{"w":1}})");
  refusal_of_text(R"({"weight_map":{"w":null}})");
  refusal_of_text(std::string(100'000, '['));
}

TEST_F(ShardIndexTest, SurvivesSeededDamage) {
  write("a.safetensors", "");
  const std::string valid =
      R"({"metadata":{"total_size":12},"weight_map":{"x.weight":"a.safetensors","y":"a.safetensors"}})";
  util::SplitMix random(4);
  for (int i = 0; i < 500; ++i) {
    const fs::path index = write("i.json", testing::mutate(valid, valid.size(), random));
    try {
      EXPECT_THAT(read_shard_index(index).files, ElementsAre("a.safetensors"));
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kModel);
    }
  }
}

}  // namespace
}  // namespace acestep::weights
