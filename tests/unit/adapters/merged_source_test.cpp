#include "adapters/merged_source.h"

#include <algorithm>

#include "adapters/adapter.h"
#include "adapters/target_names.h"
#include "unit/adapters/adapter_writer.h"
#include "unit/util/temp_folder.h"
#include "weights/safetensors_source.h"

namespace acestep::adapters {
namespace {

namespace fs = std::filesystem;
using ::acestep::testing::message_of;
using ::testing::HasSubstr;
using testing::Tensors;

constexpr char kTurbo[] = "acestep-v15-turbo";
constexpr char kXl[] = "acestep-v15-xl-turbo";
constexpr char kQuery[] = "decoder.layers.0.self_attn.q_proj.weight";
constexpr char kKey[] = "decoder.layers.1.cross_attn.k_proj.weight";

// What the Python libraries merge an adapter to: tests/data/adapters/make_adapters.py.
struct Parity {
  std::string name;      // a test's name
  std::string path;      // within the folder of adapters
  std::string expected;  // file of the first rows of the merged weights, in float32
};

class AdapterParity : public ::testing::TestWithParam<Parity> {
 protected:
  fs::path adapter() const { return testing::adapters_folder() / GetParam().path; }
  std::unique_ptr<weights::TensorSource> expected() const {
    return weights::open_safetensors(testing::adapters_folder() / "expected" /
                                     (GetParam().expected + ".safetensors"));
  }
};

TEST_P(AdapterParity, AddsWhatPythonAdds) {
  constexpr double kTolerance = 1e-6;  // of numbers up to 1.5: a few steps of float32
  const auto model = weights::open_model_folder(testing::small_model(kTurbo));
  const TargetNames targets(model->names());
  const Adapter python(adapter());
  const auto rows = expected();
  ASSERT_EQ(python.changes().size(), rows->names().size());
  for (const ModuleChange& change : python.changes()) {
    const std::string weight = targets.find(change.name).value_or("");
    const at::Tensor wanted = rows->tensor(weight);
    const at::Tensor base = model->tensor(weight).to(at::kFloat);
    const at::Tensor merged = base + python.difference(change, base);
    const at::Tensor found = merged.narrow(0, 0, wanted.size(0));
    EXPECT_LT((found - wanted).abs().max().item<double>(), kTolerance) << weight;
    EXPECT_GT((found - base.narrow(0, 0, wanted.size(0))).abs().max().item<double>(), 1e-3);
  }
}

TEST_P(AdapterParity, IsRoundedOnceToTheStoredType) {
  const auto merged = open_merged(testing::small_model(kTurbo), {{adapter(), 1.0}});
  const auto rows = expected();
  for (const std::string& weight : rows->names()) {
    const at::Tensor wanted = rows->tensor(weight);
    const at::Tensor found = merged->tensor(weight);
    EXPECT_EQ(found.scalar_type(), at::kBFloat16);
    EXPECT_EQ(found.sizes(), at::IntArrayRef(merged->find(weight)->shape));
    // Half a step of bfloat16, relative, and the error of the test above.
    const at::Tensor error = (found.to(at::kFloat).narrow(0, 0, wanted.size(0)) - wanted).abs();
    EXPECT_TRUE((error <= wanted.abs() / 256 + 1e-6).all().item<bool>()) << weight;
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, AdapterParity,
    ::testing::Values(Parity{"PeftLora", "peft_lora", "peft_lora"},
                      Parity{"PeftPatternsAndRootOfRank", "peft_patterns", "peft_patterns"},
                      Parity{"PeftDora", "peft_dora", "peft_dora"},
                      Parity{"PeftConvolution", "peft_conv", "peft_conv"},
                      Parity{"PeftLokr", "peft_lokr", "peft_lokr"},
                      Parity{"ComfyUi", "comfyui_lora.safetensors", "peft_lora"},
                      Parity{"KohyaNames", "kohya_lora.safetensors", "peft_lora"},
                      Parity{"LycorisLokr", "lokr", "lokr"},
                      Parity{"LycorisLokrOfTwoProducts", "lokr_both.safetensors", "lokr_both"},
                      Parity{"LycorisLokrOfWholeMatrices", "lokr_full.safetensors", "lokr_full"},
                      Parity{"LycorisLokrWithDora", "lokr_dora.safetensors", "lokr_dora"},
                      Parity{"LycorisDora", "lora_dora.safetensors", "lora_dora"}),
    [](const auto& test) { return test.param.name; });

fs::path given(const std::string& name) { return testing::adapters_folder() / name; }

at::Tensor weight_with(const std::vector<AdapterChoice>& adapters, const std::string& name) {
  return open_merged(testing::small_model(kTurbo), adapters)->tensor(name);
}

TEST(MergedSource, IsTheModelWhereNothingChanges) {
  const auto model = weights::open_model_folder(testing::small_model(kTurbo));
  const auto merged = open_merged(testing::small_model(kTurbo), {{given("peft_lora"), 1.0}});
  EXPECT_EQ(merged->names(), model->names());
  EXPECT_EQ(merged->description(), model->description());
  for (const std::string& name : model->names()) {
    const bool is_same = at::equal(merged->tensor(name), model->tensor(name));
    EXPECT_EQ(is_same, name != kQuery && name != kKey) << name;
  }
}

TEST(MergedSource, ChangesNothingAtScaleZero) {
  const auto model = weights::open_model_folder(testing::small_model(kTurbo));
  for (const char* name : {"peft_lora", "peft_dora", "lokr", "lokr_dora.safetensors"}) {
    EXPECT_TRUE(at::equal(weight_with({{given(name), 0.0}}, kKey), model->tensor(kKey))) << name;
  }
}

TEST(MergedSource, WithoutAnAlphaTheProductIsTakenAsItIs) {
  // peft_lora has alpha / rank = 2.
  EXPECT_TRUE(at::equal(weight_with({{given("comfyui_no_alpha.safetensors"), 2.0}}, kQuery),
                        weight_with({{given("peft_lora"), 1.0}}, kQuery)));
}

TEST(MergedSource, AddsScaledDifferencesOfSeveralAdapters) {
  const auto model = weights::open_model_folder(testing::small_model(kTurbo));
  const at::Tensor base = model->tensor(kKey).to(at::kFloat);
  at::Tensor wanted = base.clone();
  for (const auto& [name, scale] : {std::pair{"peft_dora", 0.75}, std::pair{"lokr", -1.5}}) {
    const Adapter adapter(given(name));
    for (const ModuleChange& change : adapter.changes()) {
      if (TargetNames({kKey}).find(change.name)) {
        wanted += scale * adapter.difference(change, base);
      }
    }
  }
  const at::Tensor found = weight_with({{given("peft_dora"), 0.75}, {given("lokr"), -1.5}}, kKey);
  EXPECT_LT((found.to(at::kFloat) - wanted).abs().max().item<double>(), 2.0 / 256);
  EXPECT_TRUE(
      at::equal(found, weight_with({{given("lokr"), -1.5}, {given("peft_dora"), 0.75}}, kKey)));
}

TEST(MergedSource, TellsAllThatDoesNotFitAnotherModel) {
  const std::string message = message_of(ErrorCode::kInput, [] {
    open_merged(testing::small_model(kXl), {{given("peft_lora"), 1.0}});
  });
  EXPECT_THAT(message, HasSubstr("adapter_model.safetensors: does not fit "));
  EXPECT_THAT(message, HasSubstr(kXl));
  EXPECT_THAT(message, HasSubstr(" of 2 changes differ"));
  EXPECT_THAT(message, HasSubstr("'base_model.model.layers.1.cross_attn.k_proj' changes 32 rows of "
                                 "64, but '" +
                                 std::string(kKey) + "' is ["));
}

class MergedSourceFiles : public ::acestep::testing::TempFolder {
 protected:
  std::string refusal(const Tensors& tensors) const {
    const fs::path file = testing::write_adapter(folder_ / "a.safetensors", tensors);
    return message_of(ErrorCode::kInput, [&] {
      open_merged(testing::small_model(kTurbo), {{file, 1.0}});
    });
  }
  static void add(Tensors& tensors, const std::string& module) {
    tensors[module + ".lora_A.weight"] = at::ones({2, 64});
    tensors[module + ".lora_B.weight"] = at::ones({64, 2});
  }
};

TEST_F(MergedSourceFiles, NamesTheNearestWeight) {
  Tensors tensors;
  add(tensors, "diffusion_model.decoder.layers.9.self_attn.q_proj");
  const std::string message = refusal(tensors);
  EXPECT_THAT(message, HasSubstr("1 of 1 changes differ"));
  EXPECT_THAT(message, HasSubstr("'diffusion_model.decoder.layers.9.self_attn.q_proj' names no "
                                 "weight; the nearest is 'decoder.layers."));
}

TEST_F(MergedSourceFiles, ShowsTheFirstOfManyProblems) {
  Tensors tensors;
  for (int layer = 10; layer < 30; ++layer) {
    add(tensors, "layers." + std::to_string(layer) + ".self_attn.q_proj");
  }
  const std::string message = refusal(tensors);
  EXPECT_THAT(message, HasSubstr("20 of 20 changes differ"));
  EXPECT_THAT(message, HasSubstr("and 14 more"));
  EXPECT_EQ(std::count(message.begin(), message.end(), '\n'), 7);
}

TEST_F(MergedSourceFiles, RefusesTwoChangesOfOneWeight) {
  Tensors tensors;
  add(tensors, "layers.0.self_attn.q_proj");
  add(tensors, "decoder.layers.0.self_attn.q_proj");
  EXPECT_THAT(refusal(tensors), HasSubstr("both change '" + std::string(kQuery) + "'"));
}

TEST_F(MergedSourceFiles, RefusesWeightsInInt8) {
  testing::write_adapter(folder_ / "model.safetensors",
                         {{"decoder.q.weight", at::ones({64, 64}, at::kChar)},
                          {"decoder.q.weight_scale", at::ones({64})}});
  Tensors tensors;
  add(tensors, "q");
  const fs::path file = testing::write_adapter(folder_ / "a" / "a.safetensors", tensors);
  EXPECT_THAT(message_of(ErrorCode::kInput,
                         [&] {
                           open_merged(folder_, {{file, 1.0}});
                         }),
              HasSubstr("adapter 'a.safetensors' changes 'decoder.q.weight', which is stored in "
                        "INT8"));
}

TEST_F(MergedSourceFiles, RefusesScalesThatOverflow) {
  Tensors tensors;
  add(tensors, "layers.0.self_attn.q_proj");
  const fs::path file = testing::write_adapter(folder_ / "a.safetensors", tensors);
  const auto merged = open_merged(testing::small_model(kTurbo), {{file, 1e39}});
  EXPECT_THAT(message_of(ErrorCode::kInput, [&] { merged->tensor(kQuery); }),
              HasSubstr("has numbers that are not finite with its adapters merged"));
}

}  // namespace
}  // namespace acestep::adapters
