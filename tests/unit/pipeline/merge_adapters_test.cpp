#include "pipeline/merge_adapters.h"

#include <ATen/ATen.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "adapters/merged_source.h"
#include "pipeline/components.h"
#include "unit/adapters/adapter_writer.h"
#include "unit/pipeline/small_models.h"
#include "unit/util/temp_folder.h"
#include "util/strict_json.h"
#include "weights/safetensors_source.h"

namespace acestep::pipeline {
namespace {

namespace fs = std::filesystem;
using ::acestep::testing::message_of;
using ::testing::HasSubstr;

constexpr char kDit[] = "acestep-v15-turbo";
constexpr char kXlDit[] = "acestep-v15-xl-turbo";

std::vector<adapters::AdapterChoice> two_adapters() {
  const fs::path folder = adapters::testing::adapters_folder();
  return {{folder / "peft_dora", 1.0}, {folder / "lokr", 0.5}};
}

class MergeAdaptersTest : public ::acestep::testing::TempFolder {
 protected:
  MergedModel merge(const std::string& model, const std::vector<adapters::AdapterChoice>& choices) {
    return merge_adapters(
        {testing::small_checkpoints() / model, choices}, {out()}, [](uint64_t, uint64_t) {}, stop_);
  }
  fs::path out() const { return folder_ / "out"; }

  // Changes one linear layer outside the decoder.
  fs::path encoder_adapter(const std::string& model) const {
    const auto source = weights::open_model_folder(testing::small_checkpoints() / model);
    const auto& shape = source->find("encoder.text_projector.weight")->shape;
    return adapters::testing::write_adapter(
        folder_ / "encoder.safetensors",
        {{"diffusion_model.encoder.text_projector.lora_A.weight", at::full({2, shape[1]}, 0.5F)},
         {"diffusion_model.encoder.text_projector.lora_B.weight", at::full({shape[0], 2}, 0.5F)}});
  }

  util::StopToken stop_;
};

TEST_F(MergeAdaptersTest, WritesTheWeightsThatLoadingWithAdaptersGives) {
  const MergedModel merged = merge(kDit, two_adapters());
  const auto written = weights::open_model_folder(out());
  const auto loaded = adapters::open_merged(testing::small_checkpoints() / kDit, two_adapters());
  EXPECT_EQ(written->names(), loaded->names());
  EXPECT_EQ(merged.tensors, loaded->names().size());
  for (const std::string& name : loaded->names()) {
    EXPECT_EQ(written->find(name)->dtype, loaded->find(name)->dtype);
    EXPECT_TRUE(at::equal(written->tensor(name), loaded->tensor(name))) << name;
  }
}

TEST_F(MergeAdaptersTest, NamesTheAdaptersInTheConfiguration) {
  merge(kDit, two_adapters());
  const auto config = util::read_json_file(out() / "config.json", {}, ErrorCode::kModel);
  EXPECT_EQ(config.at("merged_adapters").at(1).at("name"), "lokr");
  EXPECT_EQ(config.at("merged_adapters").at(1).at("scale"), 0.5);
}

TEST_F(MergeAdaptersTest, MergesIntoShardsOfFloat32) {
  merge(kXlDit, {{encoder_adapter(kXlDit), 1.0}});
  const auto written = weights::open_model_folder(out());
  const auto before = weights::open_model_folder(testing::small_checkpoints() / kXlDit);
  constexpr char kName[] = "encoder.text_projector.weight";
  // 2 · 0.5 · 0.5 in every place.
  EXPECT_TRUE(at::allclose(written->tensor(kName), before->tensor(kName) + 0.5));
}

TEST_F(MergeAdaptersTest, RefusesOtherModels) {
  EXPECT_THAT(message_of(ErrorCode::kModel, [&] { merge("vae", two_adapters()); }),
              HasSubstr("is no diffusion transformer"));
  EXPECT_FALSE(fs::exists(out()));
}

TEST_F(MergeAdaptersTest, LeavesNothingBehindWhereAnAdapterDoesNotFit) {
  EXPECT_THAT(message_of(ErrorCode::kInput, [&] { merge(kXlDit, two_adapters()); }),
              HasSubstr("does not fit"));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 0);
}

std::vector<at::Tensor> weights_of(Components& components) {
  std::vector<at::Tensor> tensors;
  DitEncoders encoders = *components.dit_encoders();  // its tensors are the model's own
  encoders.visit_weights([&](at::Tensor& tensor) {
    tensors.push_back(tensor.is_mkldnn() ? tensor.to_dense() : tensor.clone());
  });
  return tensors;
}

TEST_F(MergeAdaptersTest, ReachesTheConditionEncoder) {
  const c10::InferenceMode no_gradients;
  const ModelFolders models = find_models({testing::small_checkpoints(), kDit, "none"});
  Components plain(models, {}, {});
  Components changed(models, {}, {}, {}, {}, {{encoder_adapter(kDit), 1.0}});
  const auto before = weights_of(plain);
  const auto after = weights_of(changed);
  ASSERT_EQ(before.size(), after.size());
  int different = 0;
  for (size_t i = 0; i < before.size(); ++i) different += at::equal(before[i], after[i]) ? 0 : 1;
  EXPECT_EQ(different, 1);
}

}  // namespace
}  // namespace acestep::pipeline
