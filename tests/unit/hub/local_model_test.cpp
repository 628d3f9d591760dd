#include "hub/local_model.h"

#include <gmock/gmock.h>

#include "hub/remove_model.h"
#include "unit/util/temp_folder.h"
#include "weights/safetensors_writer.h"

namespace acestep::hub {
namespace {

namespace fs = std::filesystem;
using ::acestep::testing::message_of;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class LocalModelTest : public testing::TempFolder {
 protected:
  fs::path folder(const std::string& name) const {
    fs::create_directories(folder_ / name);
    return folder_ / name;
  }
  void write_weights(const fs::path& file, const std::string& tensor) const {
    const std::vector<float> values(6, 1.0F);
    weights::write_safetensors(file, {{.name = tensor,
                                       .type = weights::StoredType::kF32,
                                       .shape = {2, 3},
                                       .bytes = std::as_bytes(std::span(values))}});
  }
  // A VAE: needs nothing but configuration and weights.
  fs::path write_vae(const std::string& name) const {
    const fs::path path = folder(name);
    write(name + "/config.json", R"({"_class_name": "AutoencoderOobleck"})");
    write_weights(path / "diffusion_pytorch_model.safetensors", "a");
    return path;
  }
  // Two shards and their index.
  fs::path write_shards(const std::string& name) const {
    const fs::path path = folder(name);
    write(name + "/config.json", R"({"model_type": "acestep", "is_turbo": true})");
    write(name + "/silence_latent.pt", "silence");
    write_weights(path / "model-1.safetensors", "a");
    write_weights(path / "model-2.safetensors", "b");
    write(name + "/model.safetensors.index.json",
          R"({"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors"}})");
    return path;
  }
};

TEST_F(LocalModelTest, NothingIsAbsent) {
  EXPECT_EQ(look_at_model(folder_ / "nothing").state, ModelState::kAbsent);
}

TEST_F(LocalModelTest, AWholeModelIsPresent) {
  const LocalModel model = look_at_model(write_vae("vae"));
  EXPECT_EQ(model.state, ModelState::kPresent);
  EXPECT_EQ(model.kind, ModelKind::kVae);
  EXPECT_EQ(model.tensors, 1U);
  EXPECT_EQ(model.parameters, 6U);
  EXPECT_EQ(model.types(), "F32");
  EXPECT_THAT(model.problems, IsEmpty());
}

TEST_F(LocalModelTest, ATrailingSlashIsTheSameModel) {
  write_vae("vae");
  EXPECT_EQ(look_at_model(folder_ / "vae" / "").name, "vae");
}

TEST_F(LocalModelTest, ShardsAreCountedTogether) {
  const LocalModel model = look_at_model(write_shards("acestep-v15-xl-turbo"));
  EXPECT_EQ(model.state, ModelState::kPresent);
  EXPECT_EQ(model.weights.size(), 2U);
  EXPECT_EQ(model.tensors, 2U);
  EXPECT_EQ(model.family, "turbo");
}

TEST_F(LocalModelTest, AMissingShardIsNamed) {
  const fs::path path = write_shards("acestep-v15-xl-turbo");
  fs::remove(path / "model-2.safetensors");
  const LocalModel model = look_at_model(path);
  EXPECT_EQ(model.state, ModelState::kIncomplete);
  EXPECT_THAT(model.problems, Contains(HasSubstr("model-2.safetensors")));
}

TEST_F(LocalModelTest, ACutFileIsAProblem) {
  const fs::path path = write_vae("vae");
  fs::resize_file(path / "diffusion_pytorch_model.safetensors", 100);
  EXPECT_EQ(look_at_model(path).state, ModelState::kIncomplete);
}

TEST_F(LocalModelTest, MissingCompanionsAreNamed) {
  folder("acestep-5Hz-lm-4B");
  write("acestep-5Hz-lm-4B/config.json", R"({"model_type": "qwen3"})");
  const LocalModel model = look_at_model(folder_ / "acestep-5Hz-lm-4B");
  EXPECT_EQ(model.kind, ModelKind::kLanguageModel);
  EXPECT_THAT(model.problems, Contains("vocab.json is missing"));
  EXPECT_THAT(model.problems, Contains(HasSubstr("weights are missing")));
}

TEST_F(LocalModelTest, AnUnfinishedDownloadIsIncomplete) {
  folder("vae");
  write("vae/diffusion_pytorch_model.safetensors.da17edb6.part", "half");
  const LocalModel model = look_at_model(folder_ / "vae");
  EXPECT_EQ(model.state, ModelState::kIncomplete);
  EXPECT_EQ(model.unfinished_bytes, 4U);
}

TEST_F(LocalModelTest, FamiliesComeFromTheConfigurationFirst) {
  folder("mine");
  write("mine/config.json",
        R"({"model_type": "acestep", "is_turbo": false, "model_version": "xl_sft",
            "encoder_hidden_size": 8})");
  EXPECT_EQ(look_at_model(folder_ / "mine").family, "xl-sft");
}

TEST_F(LocalModelTest, FoldersWithoutAModelAreNotListed) {
  write_vae("my-vae");
  folder("songs");
  write("songs/one.flac", "fLaC");
  const auto models = find_local_models(folder_);
  ASSERT_EQ(models.size(), 1U);
  EXPECT_EQ(models[0].name, "my-vae");
}

TEST_F(LocalModelTest, AModelIsRemovedWhole) {
  write_vae("vae");
  remove_model(model_to_remove(folder_, "vae"));
  EXPECT_FALSE(fs::exists(folder_ / "vae"));
}

TEST_F(LocalModelTest, LinksInsideAreRemovedNotFollowed) {
  const fs::path path = write_vae("vae");
  folder("elsewhere");
  const fs::path kept = write("elsewhere/kept", "kept");
  fs::create_directory_symlink(folder_ / "elsewhere", path / "link");
  remove_model(model_to_remove(folder_, "vae"));
  EXPECT_TRUE(fs::exists(kept));
}

TEST_F(LocalModelTest, ALinkToAModelIsRefused) {
  write_vae("vae");
  fs::create_directory_symlink(folder_ / "vae", folder_ / "alias");
  EXPECT_THAT(message_of(ErrorCode::kModel, [&] { model_to_remove(folder_, "alias"); }),
              HasSubstr("is a link"));
}

TEST_F(LocalModelTest, AFolderWithoutAModelIsRefused) {
  folder("songs");
  EXPECT_THAT(message_of(ErrorCode::kModel, [&] { model_to_remove(folder_, "songs"); }),
              HasSubstr("does not hold a model"));
}

TEST_F(LocalModelTest, AFileIsRefused) {
  write("file", "x");
  message_of(ErrorCode::kModel, [&] { model_to_remove(folder_, "file"); });
}

class NotANameTest : public ::testing::TestWithParam<const char*> {};

TEST_P(NotANameTest, IsRefused) {
  message_of(ErrorCode::kUsage, [] { model_to_remove("/nowhere", GetParam()); });
}
INSTANTIATE_TEST_SUITE_P(Names, NotANameTest,
                         ::testing::Values("", ".", "..", "../vae", "/etc", "vae/", "a\\b"));

}  // namespace
}  // namespace acestep::hub
