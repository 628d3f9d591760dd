#include "sim/simulated_gpu.h"

#include <gmock/gmock.h>

#include "nn/attention.h"
#include "nn/conv1d.h"
#include "nn/snake.h"
#include "unit/nn/memory_source.h"

namespace acestep::nn {
namespace {

// As wide as the models' layers are, where kernels choose other ways than for toys.
constexpr int64_t kHidden = 1024;
constexpr AttentionShape kAttention{.hidden = kHidden, .heads = 16, .kv_heads = 8, .head_dim = 128};

at::Tensor numbers(at::IntArrayRef shape) {
  static at::Generator generator = at::make_generator<at::CPUGeneratorImpl>(1);
  return at::randn(shape, generator, at::TensorOptions(at::kFloat)) * 0.05;
}

testing::MemorySource weights_of_all() {
  const int64_t rows = kAttention.heads * kAttention.head_dim;
  const int64_t kv_rows = kAttention.kv_heads * kAttention.head_dim;
  return testing::MemorySource({{"q_proj.weight", numbers({rows, kHidden})},
                                {"k_proj.weight", numbers({kv_rows, kHidden})},
                                {"v_proj.weight", numbers({kv_rows, kHidden})},
                                {"o_proj.weight", numbers({kHidden, rows})},
                                {"q_norm.weight", numbers({kAttention.head_dim})},
                                {"k_norm.weight", numbers({kAttention.head_dim})},
                                {"down.weight", numbers({256, 64, 7})},
                                {"down.bias", numbers({256})},
                                {"up.weight", numbers({256, 128, 16})},
                                {"up.bias", numbers({128})},
                                {"snake.alpha", numbers({1, 256, 1})},
                                {"snake.beta", numbers({1, 256, 1})}});
}

struct Case {
  const char* name;
  at::ScalarType dtype;
  weights::LinearWeights linear = weights::LinearWeights::kDense;
};

class OnTheSimulatedGpu : public ::testing::TestWithParam<Case> {
 protected:
  OnTheSimulatedGpu() { sim::install(); }

  // The same layer made on either device, the same input: the same bits.
  template <typename Run>
  void expect_same(const at::Tensor& x, Run run) const {
    const c10::InferenceMode no_gradients;
    const at::Tensor input = x.to(GetParam().dtype);
    const auto result_on = [&](at::Device device) {
      weights::WeightReader reader(
          source_, {.device = device, .dtype = GetParam().dtype, .linear = GetParam().linear},
          "test");
      return run(reader.root(), input.to(device));
    };
    const at::Tensor found = result_on(sim::device());
    EXPECT_TRUE(sim::is_simulated(found.device()));
    EXPECT_TRUE(at::equal(found.cpu(), result_on(at::kCPU)));
  }

  const testing::MemorySource source_ = weights_of_all();
};

INSTANTIATE_TEST_SUITE_P(
    Types, OnTheSimulatedGpu,
    ::testing::Values(Case{"float32", at::kFloat}, Case{"bfloat16", at::kBFloat16},
                      Case{"int8", at::kBFloat16, weights::LinearWeights::kInt8},
                      Case{"int8Dynamic", at::kBFloat16, weights::LinearWeights::kInt8Dynamic}),
    [](const auto& instance) { return instance.param.name; });

TEST_P(OnTheSimulatedGpu, LinearEqualsTheCpu) {
  for (const int64_t rows : {1, 3, 300}) {
    expect_same(numbers({1, rows, kHidden}), [](const auto& root, const at::Tensor& x) {
      return Linear(root.scope("q_proj"), kHidden, kAttention.heads * kAttention.head_dim)(x);
    });
  }
}

void attend_within(std::optional<int64_t> window, const auto& expect_same) {
  constexpr int64_t kLength = 700;
  expect_same(numbers({1, kLength, kHidden}), [&](const auto& root, const at::Tensor& x) {
    const Attention attention(root, kAttention);
    const AttentionPattern pattern(kLength, {.window = window, .key_mask = {}}, x.scalar_type(),
                                   x.device());
    return pattern(attention.queries(x), attention.keys(x), attention.values(x));
  });
}

TEST_P(OnTheSimulatedGpu, GroupedAttentionAndItsNormsEqualTheCpu) {
  attend_within(std::nullopt, [this](const auto& x, auto run) { expect_same(x, run); });
}

TEST_P(OnTheSimulatedGpu, WindowedAttentionEqualsTheCpu) {
  attend_within(128, [this](const auto& x, auto run) { expect_same(x, run); });
}

TEST_P(OnTheSimulatedGpu, MaskedAttentionEqualsTheCpu) {
  expect_same(numbers({1, 300, kHidden}), [](const auto& root, const at::Tensor& x) {
    const Attention attention(root, kAttention);
    const at::Tensor mask = at::arange(300, at::TensorOptions(x.device())).lt(250).unsqueeze(0);
    const AttentionPattern pattern(300, {.window = 128, .key_mask = mask}, x.scalar_type(),
                                   x.device());
    return pattern(attention.queries(x), attention.keys(x), attention.values(x));
  });
}

TEST_P(OnTheSimulatedGpu, ConvolutionsAndSnakeEqualTheCpu) {
  expect_same(numbers({1, 64, 500}), [](const auto& root, const at::Tensor& x) {
    const Conv1d down(root.scope("down"),
                      {.in_channels = 64, .out_channels = 256, .kernel = 7, .padding = 3});
    const ConvTranspose1d up(
        root.scope("up"),
        {.in_channels = 256, .out_channels = 128, .kernel = 16, .stride = 8, .padding = 4});
    const Snake snake(root.scope("snake"), 256);
    return from_conv_layout(up(snake(down(to_conv_layout(x)))));
  });
}

}  // namespace
}  // namespace acestep::nn
