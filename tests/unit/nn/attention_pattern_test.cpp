#include "nn/attention_pattern.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace acestep::nn {
namespace {

constexpr int64_t kHeads = 4;
constexpr int64_t kKvHeads = 2;
constexpr int64_t kHeadDim = 16;

at::Tensor random(at::IntArrayRef shape, uint64_t seed) {
  auto generator = at::detail::createCPUGenerator(seed);
  return at::randn(shape, generator, at::TensorOptions().dtype(at::kFloat).device(at::kCPU));
}

struct Inputs {
  at::Tensor queries, keys, values;

  Inputs(int64_t batch, int64_t length)
      : queries(random({batch, kHeads, length, kHeadDim}, 1)),
        keys(random({batch, kKvHeads, length, kHeadDim}, 2)),
        values(random({batch, kKvHeads, length, kHeadDim}, 3)) {}

  // Softmax over the visible scores, written out.
  at::Tensor expected(const at::Tensor& visible) const {
    const at::Tensor all_keys = keys.repeat_interleave(kHeads / kKvHeads, 1);
    const at::Tensor all_values = values.repeat_interleave(kHeads / kKvHeads, 1);
    const at::Tensor scores = at::matmul(queries, all_keys.transpose(-1, -2)) / 4.0;  // sqrt(16)
    const at::Tensor seen = scores.masked_fill(visible.logical_not(), -1e30).softmax(-1);
    return at::matmul(seen, all_values).transpose(1, 2).flatten(2);
  }
};

void expect_close(const at::Tensor& actual, const at::Tensor& expected) {
  ASSERT_EQ(actual.sizes(), expected.sizes());
  EXPECT_LT((actual - expected).abs().max().item<float>(), 2e-6F);
}

struct Window {
  int64_t batch;
  int64_t length;
  int64_t window;
};

class SlidingPattern : public ::testing::TestWithParam<Window> {};

TEST_P(SlidingPattern, SeesExactlyTheKeysWithinItsWindow) {
  const auto [batch, length, window] = GetParam();
  const Visibility visibility{.window = window, .key_mask = {}};
  const Inputs in(batch, length);
  const AttentionPattern pattern(length, visibility, at::kFloat, at::kCPU);
  expect_close(pattern(in.queries, in.keys, in.values),
               in.expected(visible_pairs(length, visibility, at::kCPU)));
}

INSTANTIATE_TEST_SUITE_P(DenseAndBlockwise, SlidingPattern,
                         ::testing::Values(Window{1, 1, 8}, Window{2, 30, 8}, Window{1, 600, 128},
                                           Window{1, 601, 128}, Window{1, 640, 128},
                                           Window{3, 701, 128}, Window{1, 777, 5},
                                           Window{1, 650, 400}, Window{1, 610, 609}));

TEST(AttentionPattern, FullVisibilityNeedsNoMask) {
  const Inputs in(2, 37);
  const AttentionPattern pattern(37, {}, at::kFloat, at::kCPU);
  expect_close(pattern(in.queries, in.keys, in.values),
               in.expected(at::ones({1, 1, 37, 37}, at::kBool)));
}

TEST(AttentionPattern, MaskedKeysAreNotSeen) {
  const Inputs in(2, 12);
  const at::Tensor key_mask = at::arange(12).unsqueeze(0).lt(at::tensor({12, 7}).unsqueeze(1));
  const AttentionPattern pattern(12, {.window = {}, .key_mask = key_mask}, at::kFloat, at::kCPU);
  expect_close(pattern(in.queries, in.keys, in.values),
               in.expected(key_mask.unsqueeze(1).unsqueeze(1).expand({2, 1, 12, 12})));
}

TEST(AttentionPattern, AQueryThatSeesNothingAveragesAllValues) {
  const Inputs in(1, 20);
  const at::Tensor key_mask = at::arange(20).lt(5).unsqueeze(0);
  const AttentionPattern pattern(20, {.window = 3, .key_mask = key_mask}, at::kFloat, at::kCPU);
  const at::Tensor out = pattern(in.queries, in.keys, in.values);
  const at::Tensor mean =
      in.values.repeat_interleave(kHeads / kKvHeads, 1).mean(2).flatten(1);  // [1, heads·D]
  expect_close(out.select(1, 15), mean);
}

TEST(AttendAll, TakesAnotherSequenceOfAnotherLength) {
  const Inputs in(2, 9);
  const at::Tensor queries = random({2, kHeads, 4, kHeadDim}, 5);
  const at::Tensor all_keys = in.keys.repeat_interleave(2, 1);
  const at::Tensor all_values = in.values.repeat_interleave(2, 1);
  const at::Tensor weights = (at::matmul(queries, all_keys.transpose(-1, -2)) / 4.0).softmax(-1);
  expect_close(attend_all(queries, in.keys, in.values),
               at::matmul(weights, all_values).transpose(1, 2).flatten(2));
}

}  // namespace
}  // namespace acestep::nn
