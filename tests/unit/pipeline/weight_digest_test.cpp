#include "pipeline/weight_digest.h"

#include <gmock/gmock.h>

#include <algorithm>

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
  std::vector<std::string> digests = {digest()};
  write("model.safetensors", content + "x");
  digests.push_back(digest());
  content.front() = 'y';
  write("model.safetensors", content);
  digests.push_back(digest());
  content.back() = 'y';
  write("model.safetensors", content);
  digests.push_back(digest());
  write("silence_latent.pt", "silence");
  digests.push_back(digest());
  std::sort(digests.begin(), digests.end());
  EXPECT_EQ(std::unique(digests.begin(), digests.end()), digests.end());
}

}  // namespace
}  // namespace acestep::pipeline
