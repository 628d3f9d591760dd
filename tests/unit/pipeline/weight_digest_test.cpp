#include "pipeline/weight_digest.h"

#include <gmock/gmock.h>

#include "unit/util/temp_folder.h"

namespace acestep::pipeline {
namespace {

constexpr std::size_t kTwoMegabytes = std::size_t{2} << 20;

class WeightDigest : public testing::TempFolder {
 protected:
  std::string digest() const { return weight_digest(folder_); }
};

TEST_F(WeightDigest, IsTheSameForACopy) {
  write("model.safetensors", "weights");
  const std::string before = digest();
  EXPECT_THAT(before, ::testing::MatchesRegex("[0-9a-f]{16}"));
  write("model.safetensors", "weights");
  EXPECT_EQ(digest(), before);
}

TEST_F(WeightDigest, PassesOverWhatIsNoWeight) {
  write("model.safetensors", "weights");
  const std::string before = digest();
  write("config.json", "{}");
  EXPECT_EQ(digest(), before);
}

TEST_F(WeightDigest, ChangesWithNameSizeHeadAndEnd) {
  std::string content(kTwoMegabytes, 'x');
  write("model.safetensors", content);
  std::set<std::string> digests;
  digests.insert(digest());
  write("model.safetensors", content + "x");
  digests.insert(digest());
  content.front() = 'y';
  write("model.safetensors", content);
  digests.insert(digest());
  content.back() = 'y';
  write("model.safetensors", content);
  digests.insert(digest());
  write("silence_latent.pt", "silence");
  digests.insert(digest());
  EXPECT_EQ(digests.size(), 5);
}

}  // namespace
}  // namespace acestep::pipeline
