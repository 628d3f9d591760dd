#include "pipeline/convert_model.h"

#include <iterator>

#include "hub/download_record.h"
#include "hub/local_model.h"
#include "pipeline/draft_folder.h"
#include "pipeline/model_check.h"
#include "unit/util/temp_folder.h"

namespace acestep::pipeline {
namespace {

namespace fs = std::filesystem;
using ::acestep::testing::message_of;
using ::testing::HasSubstr;

class ConvertModelTest : public testing::TempFolder {
 protected:
  static fs::path published(const std::string& name) {
    return fs::path(ACESTEP_TEST_DATA) / "checkpoints" / "e2e" / name;
  }
  int64_t items() const { return std::distance(fs::directory_iterator(folder_), {}); }

  Converted convert(const std::string& name, at::ScalarType dtype) {
    return convert_model({published(name), folder_ / "out", dtype}, tell_, stop_);
  }

  uint64_t told_ = 0;
  ConversionProgress tell_ = [this](uint64_t done, uint64_t) { told_ = done; };
  util::StopToken stop_;
};

TEST_F(ConvertModelTest, ShardsBecomeOneFileOfTheNewType) {
  const Converted result = convert("acestep-v15-xl-turbo", at::kHalf);
  const hub::LocalModel model = hub::look_at_model(folder_ / "out");
  EXPECT_EQ(model.state, hub::ModelState::kPresent);
  EXPECT_EQ(model.types(), "F16");
  EXPECT_EQ(model.weights.size(), 1U);
  EXPECT_EQ(model.tensors, result.tensors);
  EXPECT_EQ(told_, result.tensors);
  EXPECT_FALSE(fs::exists(folder_ / "out" / "model.safetensors.index.json"));
}

TEST_F(ConvertModelTest, EveryKindConverts) {
  for (const char* name : {"vae", "Qwen3-Embedding-0.6B", "acestep-5Hz-lm-0.6B"}) {
    convert(name, at::kBFloat16);
    EXPECT_EQ(hub::look_at_model(folder_ / "out").types(), "BF16") << name;
    fs::remove_all(folder_ / "out");
  }
}

TEST_F(ConvertModelTest, ARecordOfDigestsIsLeft) {
  convert("vae", at::kFloat);
  const hub::DownloadRecord record = hub::read_record(folder_ / "out");
  EXPECT_EQ(record.source, "converted from vae");
  EXPECT_EQ(record.files.size(), 2U);
}

TEST_F(ConvertModelTest, AStopLeavesNothing) {
  const auto stop_soon = [this](uint64_t done, uint64_t) {
    if (done == 5) stop_.request(util::StopReason::kInterrupt);
  };
  message_of(ErrorCode::kInterrupted, [&] {
    convert_model({published("vae"), folder_ / "out", at::kFloat}, stop_soon, stop_);
  });
  EXPECT_EQ(items(), 0);
}

TEST_F(ConvertModelTest, AnExistingFolderStays) {
  write("out", "a file");
  EXPECT_THAT(message_of(ErrorCode::kOutput, [&] { convert("vae", at::kFloat); }),
              HasSubstr("is there already"));
}

TEST_F(ConvertModelTest, WhatKilledRunsLeftIsSwept) {
  fs::create_directories(folder_ / ".out.part-1" / "deeper");
  fs::create_directories(folder_ / ".other.part-1");
  convert("vae", at::kFloat);
  EXPECT_FALSE(fs::exists(folder_ / ".out.part-1"));
  EXPECT_TRUE(fs::exists(folder_ / ".other.part-1"));
}

TEST_F(ConvertModelTest, ADraftInUseIsNotSwept) {
  const DraftFolder mine(folder_ / "out");
  fs::rename(mine.path(), folder_ / ".out.part-1");  // as another process would call it
  convert("vae", at::kFloat);
  EXPECT_TRUE(fs::exists(folder_ / ".out.part-1"));
}

class CheckModelTest : public ConvertModelTest {
 protected:
  fs::path copy_of(const std::string& name) const {
    fs::copy(published(name), folder_ / name, fs::copy_options::recursive);
    return folder_ / name;
  }
};

TEST_F(CheckModelTest, PublishedModelsFit) {
  check_model(hub::ModelKind::kDit, published("acestep-v15-base"));
  check_model(hub::ModelKind::kDit, published("acestep-v15-xl-turbo"));
  check_model(hub::ModelKind::kLanguageModel, published("acestep-5Hz-lm-0.6B"));
  check_model(hub::ModelKind::kTextEncoder, published("Qwen3-Embedding-0.6B"));
  check_model(hub::ModelKind::kVae, published("vae"));
}

TEST_F(CheckModelTest, OneModelIsNotAnother) {
  EXPECT_THAT(
      message_of(
          ErrorCode::kModel,
          [] { check_model(hub::ModelKind::kLanguageModel, published("acestep-v15-turbo")); }),
      HasSubstr("config.json"));
}

TEST_F(CheckModelTest, AnotherModelsWeightsDoNotFit) {
  const fs::path model = copy_of("Qwen3-Embedding-0.6B");
  fs::copy_file(published("acestep-5Hz-lm-0.6B") / "model.safetensors", model / "model.safetensors",
                fs::copy_options::overwrite_existing);
  EXPECT_THAT(
      message_of(ErrorCode::kModel, [&] { check_model(hub::ModelKind::kTextEncoder, model); }),
      HasSubstr("embed_tokens.weight"));
}

TEST_F(CheckModelTest, ADamagedTokenizerIsSeen) {
  const fs::path model = copy_of("acestep-5Hz-lm-0.6B");
  fs::resize_file(model / "tokenizer.json", 1000);
  EXPECT_THAT(
      message_of(ErrorCode::kModel, [&] { check_model(hub::ModelKind::kLanguageModel, model); }),
      HasSubstr("tokenizer.json"));
}

TEST_F(CheckModelTest, ADamagedSilenceIsSeen) {
  const fs::path model = copy_of("acestep-v15-turbo");
  fs::resize_file(model / "silence_latent.pt", 1000);
  EXPECT_THAT(message_of(ErrorCode::kModel, [&] { check_model(hub::ModelKind::kDit, model); }),
              HasSubstr("silence_latent.pt"));
}

}  // namespace
}  // namespace acestep::pipeline
