#include "pipeline/latents_file.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include <fstream>

#include "util/error.h"
#include "util/temp_folder.h"
#include "weights/tensor_file_writer.h"

namespace acestep::pipeline {
namespace {

using ::testing::HasSubstr;

class LatentsFile : public ::testing::Test {
 protected:
  std::filesystem::path file(const std::string& name) const { return folder_.path() / name; }
  // Of reading; code 0 where it succeeds.
  std::pair<int, std::string> failure(const std::filesystem::path& path) const {
    try {
      read_latents(path);
    } catch (const Error& error) {
      return {error.exit_code(), error.message()};
    }
    return {};
  }
  void refused(const std::filesystem::path& path, ErrorCode code, const std::string& words) const {
    const auto [found, message] = failure(path);
    EXPECT_EQ(found, static_cast<int>(code)) << message;
    EXPECT_THAT(message, HasSubstr(words));
  }

  at::Tensor latents_ = at::arange(3 * 64, at::kFloat).view({3, 64});

 private:
  util::TempFolder folder_{"latents-file"};
};

TEST_F(LatentsFile, ComesBackAsItWas) {
  for (const char* name : {"a.safetensors", "a.vae"}) {
    write_latents(file(name), latents_, latent_format_of(name), util::Existing::kRefuse);
    EXPECT_TRUE(at::equal(read_latents(file(name)), latents_)) << name;
  }
}

TEST_F(LatentsFile, OfBareNumbersHoldsNothingElse) {
  write_latents(file("a.vae"), latents_, LatentFormat::kRaw, util::Existing::kRefuse);
  EXPECT_EQ(std::filesystem::file_size(file("a.vae")), 3u * 64u * 4u);
}

TEST_F(LatentsFile, IsNotReplacedUnasked) {
  write_latents(file("a.vae"), latents_, LatentFormat::kRaw, util::Existing::kRefuse);
  EXPECT_THROW(write_latents(file("a.vae"), latents_, LatentFormat::kRaw, util::Existing::kRefuse),
               Error);
}

TEST_F(LatentsFile, RefusesWhatIsNoLatents) {
  refused(file("absent.vae"), ErrorCode::kInput, "there is no such file");
  std::ofstream(file("cut.vae")) << std::string(100, 'x');
  refused(file("cut.vae"), ErrorCode::kInput, "100 bytes");
  std::ofstream(file("empty.vae")).flush();
  refused(file("empty.vae"), ErrorCode::kInput, "0 bytes");
  std::ofstream(file("a.txt")) << "x";
  refused(file("a.txt"), ErrorCode::kUsage, "'txt'");
  weights::write_tensors(file("other.safetensors"), {{"weights", latents_}});
  refused(file("other.safetensors"), ErrorCode::kInput, "no tensor 'latents'");
  weights::write_tensors(file("shape.safetensors"), {{"latents", at::zeros({3, 32})}});
  refused(file("shape.safetensors"), ErrorCode::kInput, "[T, 64]");
  latents_[1][5] = NAN;
  write_latents(file("nan.vae"), latents_, LatentFormat::kRaw, util::Existing::kRefuse);
  refused(file("nan.vae"), ErrorCode::kInput, "NaN or Inf");
}

}  // namespace
}  // namespace acestep::pipeline
