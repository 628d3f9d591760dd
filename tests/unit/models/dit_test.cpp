#include "models/dit.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include <memory>

#include "models/audio_detokenizer.h"
#include "models/audio_tokenizer.h"
#include "models/condition_encoder.h"
#include "models/dit_parts.h"
#include "util/error.h"
#include "weights/safetensors_source.h"

namespace acestep::models {
namespace {

using ::testing::ElementsAre;

at::Tensor random(at::IntArrayRef shape, uint64_t seed) {
  auto generator = at::detail::createCPUGenerator(seed);
  return at::randn(shape, generator, at::TensorOptions().dtype(at::kFloat).device(at::kCPU));
}

class TinyDit : public ::testing::TestWithParam<const char*> {
 protected:
  TinyDit()
      : folder_(std::filesystem::path(ACESTEP_TEST_DATA) / "checkpoints" / "e2e" / GetParam()),
        config_(read_dit_config(folder_)),
        source_(weights::open_model_folder(folder_)) {}

  Dit load(at::ScalarType dtype = at::kFloat) const {
    weights::WeightReader reader(*source_, {.device = at::kCPU, .dtype = dtype}, "decoder");
    Dit dit(reader.root().scope(dit_part::kDecoder), config_);
    reader.finish(other_parts({dit_part::kDecoder}));
    return dit;
  }
  at::Tensor run(const Dit& dit, const at::Tensor& x, BlockGate* gate = nullptr) const {
    const at::Tensor states = random({x.size(0), 7, config_.encoder.hidden}, 2);
    const at::Tensor context = random({x.size(0), x.size(1), config_.context_channels()}, 3);
    const at::Tensor t = at::full({x.size(0)}, 0.5F);
    return dit.velocity(x, context, t, t, dit.prepare(states), gate);
  }

  c10::InferenceMode inference_;
  std::filesystem::path folder_;
  DitConfig config_;
  std::unique_ptr<weights::TensorSource> source_;
};

TEST_P(TinyDit, EveryTensorOfTheFolderBelongsToOnePart) {
  weights::WeightReader reader(*source_, {}, "all parts");
  const weights::WeightScope root = reader.root();
  const Dit dit(root.scope(dit_part::kDecoder), config_);
  const ConditionEncoder encoder(root.scope(dit_part::kEncoder), config_);
  const AudioTokenizer tokenizer(root.scope(dit_part::kTokenizer), config_);
  const AudioDetokenizer detokenizer(root.scope(dit_part::kDetokenizer), config_);
  EXPECT_EQ(take_null_condition(root, config_).numel(), config_.encoder.hidden);
  EXPECT_NO_THROW(reader.finish());
}

TEST_P(TinyDit, EachPartLoadsAlone) {
  EXPECT_NO_THROW(load());
  weights::WeightReader reader(*source_, {}, "encoder");
  const ConditionEncoder encoder(reader.root().scope(dit_part::kEncoder), config_);
  EXPECT_NO_THROW(reader.finish(other_parts({dit_part::kEncoder})));
  EXPECT_THROW(reader.finish(), Error);
}

TEST_P(TinyDit, AnItemOfABatchEqualsTheItemAlone) {
  const Dit dit = load();
  const at::Tensor x = random({2, 21, config_.latent_channels}, 1);
  const at::Tensor states = random({2, 7, config_.encoder.hidden}, 2);
  const at::Tensor context = random({2, 21, config_.context_channels()}, 3);
  const at::Tensor t = at::tensor({0.9F, 0.3F});
  const at::Tensor both = dit.velocity(x, context, t, t, dit.prepare(states));
  const at::Tensor second =
      dit.velocity(x.narrow(0, 1, 1), context.narrow(0, 1, 1), t.narrow(0, 1, 1), t.narrow(0, 1, 1),
                   dit.prepare(states.narrow(0, 1, 1)));
  EXPECT_LT((both.narrow(0, 1, 1) - second).abs().max().item<float>(), 1e-4F);
}

TEST_P(TinyDit, LongSequencesTakeTheBlockwisePathAndStayFinite) {
  const at::Tensor velocity = run(load(), random({1, 1301, config_.latent_channels}, 1));
  EXPECT_EQ(velocity.size(1), 1301);
  EXPECT_TRUE(velocity.isfinite().all().item<bool>());
}

TEST_P(TinyDit, ReturnsTheTypeOfItsLatents) {
  const Dit dit = load(at::kBFloat16);
  const at::Tensor x = random({1, 8, config_.latent_channels}, 1);
  EXPECT_EQ(run(dit, x).scalar_type(), at::kFloat);
  EXPECT_EQ(run(dit, x.to(at::kBFloat16)).scalar_type(), at::kBFloat16);
}

TEST_P(TinyDit, HalfPrecisionWeightsKeepAFloat32Residual) {
  const at::Tensor x = random({1, 24, config_.latent_channels}, 1);
  const at::Tensor exact = run(load(), x);
  const at::Tensor rounded = run(load(at::kHalf), x);
  EXPECT_LT((exact - rounded).square().mean().sqrt().item<float>(), 5e-3F);
}

class RecordingGate final : public BlockGate {
 public:
  void enter(int64_t index) override { calls.push_back(index); }
  void leave(int64_t index) override { calls.push_back(-index - 1); }
  std::vector<int64_t> calls;
};

TEST_P(TinyDit, TellsTheGateOfEveryLayerInOrder) {
  RecordingGate gate;
  run(load(), random({1, 4, config_.latent_channels}, 1), &gate);
  EXPECT_THAT(gate.calls, ElementsAre(0, -1, 1, -2, 2, -3, 3, -4));
}

TEST_P(TinyDit, ListensAsFarAsTheLastWantedLayer) {
  const Dit dit = load();
  const at::Tensor x = random({1, 21, config_.latent_channels}, 1);
  const at::Tensor context = random({1, 21, config_.context_channels()}, 3);
  const CrossStates cross = dit.prepare(random({1, 7, config_.encoder.hidden}, 2));
  const at::Tensor t = at::full({1}, 0.5F);
  RecordingGate gate;
  CrossListener both({{1, {0, 3}}, {2, {1}}}, {1, 5});
  dit.listen(x, context, t, cross, both, &gate);
  EXPECT_THAT(gate.calls, ElementsAre(0, -1, 1, -2, 2, -3));
  ASSERT_EQ(both.maps().size(), 3U);
  for (const at::Tensor& map : both.maps()) {
    EXPECT_EQ(map.sizes(), at::IntArrayRef({5, 11}));  // frames go in pairs
    EXPECT_TRUE((map > 0.0).all().item<bool>());
  }
  // What a layer hears does not depend on who else listens.
  CrossListener one({{1, {3}}}, {1, 5});
  dit.listen(x, context, t, cross, one);
  EXPECT_TRUE(at::equal(one.maps().front(), both.maps()[1]));
}

INSTANTIATE_TEST_SUITE_P(BothSizes, TinyDit,
                         ::testing::Values("acestep-v15-turbo", "acestep-v15-xl-turbo"),
                         [](const auto& name) {
                           return std::string(name.param).find("xl") == std::string::npos ? "Small"
                                                                                          : "Xl";
                         });

}  // namespace
}  // namespace acestep::models
