#include "models/cross_listener.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include "nn/attention_pattern.h"

namespace acestep::models {
namespace {

at::Tensor random(at::IntArrayRef shape, uint64_t seed) {
  auto generator = at::detail::createCPUGenerator(seed);
  return at::randn(shape, generator, at::TensorOptions().dtype(at::kFloat).device(at::kCPU));
}

constexpr int64_t kHeads = 4;
constexpr int64_t kKeyHeads = 2;
constexpr int64_t kDim = 8;

// What the heads hear, times the values, is what the attention gives: for more positions than are
// taken at once.
TEST(CrossListener, HearsWhatTheAttentionComputes) {
  constexpr int64_t kPositions = 1100;
  constexpr int64_t kRows = 7;
  const at::Tensor queries = random({1, kHeads, kPositions, kDim}, 1);
  const at::Tensor keys = random({1, kKeyHeads, kRows, kDim}, 2);
  const at::Tensor values = random({1, kKeyHeads, kRows, kDim}, 3);
  CrossListener listener({{5, {0, 1, 2, 3}}}, {0, kRows});
  listener.hear(5, queries, keys);
  ASSERT_EQ(listener.maps().size(), 4U);
  const at::Tensor expected =
      nn::attend_all(queries, keys, values).view({kPositions, kHeads, kDim});
  for (int64_t head = 0; head < kHeads; ++head) {
    const at::Tensor heard = listener.maps()[static_cast<size_t>(head)];
    const at::Tensor mixed = at::matmul(heard.t(), values[0][head / (kHeads / kKeyHeads)]);
    EXPECT_LT((mixed - expected.select(1, head)).abs().max().item<float>(), 1e-5F) << head;
  }
}

TEST(CrossListener, KeepsTheRowsThatItIsAskedFor) {
  const at::Tensor queries = random({1, kHeads, 5, kDim}, 1);
  const at::Tensor keys = random({1, kKeyHeads, 9, kDim}, 2);
  CrossListener all({{0, {2}}}, {0, 9});
  all.hear(0, queries, keys);
  CrossListener some({{0, {2}}}, {3, 4});
  some.hear(0, queries, keys);
  EXPECT_TRUE(at::equal(some.maps().front(), all.maps().front().narrow(0, 3, 4)));
  EXPECT_LT((all.maps().front().sum(0) - 1.0).abs().max().item<float>(), 1e-5F);
}

TEST(CrossListener, KnowsItsLastLayer) {
  const CrossListener listener({{6, {1}}, {2, {0}}}, {0, 1});
  EXPECT_EQ(listener.last_layer(), 6);
  EXPECT_TRUE(listener.wants(2));
  EXPECT_FALSE(listener.wants(3));
}

}  // namespace
}  // namespace acestep::models
