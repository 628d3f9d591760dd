#include "adapters/adapter_files.h"

#include <gmock/gmock.h>

#include "unit/util/temp_folder.h"

namespace acestep::adapters {
namespace {

namespace fs = std::filesystem;
using ::acestep::testing::message_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class AdapterFilesTest : public testing::TempFolder {
 protected:
  fs::path put(const fs::path& name) const {
    fs::create_directories((folder_ / name).parent_path());
    return write(name.string(), "x");
  }
  std::string refusal(const fs::path& name) const {
    return message_of(ErrorCode::kInput, [&] { adapter_files(folder_ / name); });
  }
};

TEST_F(AdapterFilesTest, TakesAFileItself) {
  const fs::path file = put("singer.safetensors");
  EXPECT_EQ(adapter_files(file).weights, file);
  EXPECT_EQ(adapter_files(file).config, "");
}

TEST_F(AdapterFilesTest, TakesTheConfigurationBesidePeftsFile) {
  const fs::path weights = put("a/adapter_model.safetensors");
  const fs::path config = put("a/adapter_config.json");
  for (const fs::path& path : {folder_ / "a", weights}) {
    EXPECT_EQ(adapter_files(path).weights, weights);
    EXPECT_EQ(adapter_files(path).config, config);
  }
}

TEST_F(AdapterFilesTest, PrefersLokrWeights) {
  put("a/other.safetensors");
  const fs::path weights = put("a/lokr_weights.safetensors");
  EXPECT_EQ(adapter_files(folder_ / "a").weights, weights);
}

TEST_F(AdapterFilesTest, TakesTheOnlyFileOfAFolder) {
  put("a/notes.txt");
  const fs::path weights = put("a/b.safetensors");
  EXPECT_EQ(adapter_files(folder_ / "a").weights, weights);
}

TEST_F(AdapterFilesTest, LooksIntoTheTrainersInnerFolder) {
  const fs::path weights = put("final/adapter/adapter_model.safetensors");
  put("final/adapter/adapter_config.json");
  EXPECT_EQ(adapter_files(folder_ / "final").weights, weights);
}

TEST_F(AdapterFilesTest, RefusesSeveralFiles) {
  put("a/b.safetensors");
  put("a/c.safetensors");
  EXPECT_THAT(refusal("a"), HasSubstr("holds several adapters: b.safetensors, c.safetensors"));
}

TEST_F(AdapterFilesTest, RefusesPickles) {
  put("a/adapter_config.json");
  EXPECT_THAT(refusal("a"), HasSubstr("adapter_model.safetensors: is missing"));
  put("a/adapter_model.bin");
  EXPECT_THAT(refusal("a"), HasSubstr("adapter_model.bin: is no safetensors file"));
  put("b.ckpt");
  EXPECT_THAT(refusal("b.ckpt"), HasSubstr("b.ckpt: is no safetensors file"));
}

TEST_F(AdapterFilesTest, RefusesAnEmptyFolder) {
  fs::create_directory(folder_ / "a");
  EXPECT_THAT(refusal("a"), HasSubstr("holds no adapter"));
}

TEST_F(AdapterFilesTest, FindsPathsFirstThenNames) {
  const fs::path singer = put("adapters/singer.safetensors");
  const fs::path final_one = put("adapters/final/b.safetensors").parent_path();
  const fs::path dir = folder_ / "adapters";
  EXPECT_EQ(find_adapter(singer.string(), "nowhere"), singer);
  EXPECT_EQ(find_adapter("singer", dir), singer);
  EXPECT_EQ(find_adapter("singer.safetensors", dir), singer);
  EXPECT_EQ(find_adapter("final", dir), final_one);
  EXPECT_THAT(message_of(ErrorCode::kInput, [&] { find_adapter("singr", dir); }),
              HasSubstr("there is no adapter 'singr'"));
}

TEST_F(AdapterFilesTest, ListsWhatLooksLikeAdapters) {
  put("adapters/b.safetensors");
  put("adapters/a/adapter_config.json");
  put("adapters/c/adapter/lokr_weights.safetensors");
  put("adapters/notes.txt");
  fs::create_directory(folder_ / "adapters" / "empty");
  EXPECT_THAT(adapters_in(folder_ / "adapters"),
              ElementsAre(folder_ / "adapters/a", folder_ / "adapters/b.safetensors",
                          folder_ / "adapters/c"));
  EXPECT_THAT(adapters_in(folder_ / "nowhere"), ElementsAre());
}

TEST(AdapterName, IsTheLastWordOfThePath) {
  EXPECT_EQ(adapter_name("x/singer.safetensors"), "singer.safetensors");
  EXPECT_EQ(adapter_name("x/final/"), "final");
  EXPECT_EQ(adapter_name("x/final/."), "final");
}

}  // namespace
}  // namespace acestep::adapters
