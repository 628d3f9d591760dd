#include "nn/int8_activation.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <limits>

#include "nn/linear.h"
#include "unit/nn/memory_source.h"

namespace acestep::nn {
namespace {

using testing::MemorySource;

at::Tensor random(at::IntArrayRef shape, uint64_t seed) {
  auto generator = at::detail::createCPUGenerator(seed);
  return at::randn(shape, generator, at::TensorOptions().dtype(at::kFloat).device(at::kCPU));
}

double largest(const at::Tensor& x) { return x.abs().max().item<double>(); }

at::Tensor as_numbers(const Int8Rows& rows) {
  return (rows.values.to(at::kFloat) - rows.zero_points) * rows.scales;
}

at::Tensor dynamic_linear(const at::Tensor& x, const Int8Weight& weight) {
  return int8_dynamic_linear(x, weight, row_sums(weight), {});
}

// Half a step of 1/255 of the row's range, and what rounding the zero point moves.
TEST(QuantizeActivations, StaysWithinAStepOfEveryNumber) {
  const at::Tensor rows = random({20, 300}, 1) + 0.7;
  const Int8Rows made = quantize_activations(rows);
  EXPECT_TRUE(((as_numbers(made) - rows).abs() <= made.scales).all().item<bool>());
}

TEST(QuantizeActivations, KeepsZeroExactly) {
  at::Tensor rows = random({4, 8}, 1) + 3.0;
  rows.select(1, 5).zero_();
  EXPECT_EQ(largest(as_numbers(quantize_activations(rows)).select(1, 5)), 0.0);
}

TEST(QuantizeActivations, ARowOfZerosStaysZero) {
  for (const auto type : {at::kFloat, at::kBFloat16, at::kHalf}) {
    const at::Tensor zeros = at::zeros({2, 4}, at::TensorOptions().dtype(type).device(at::kCPU));
    EXPECT_EQ(largest(as_numbers(quantize_activations(zeros))), 0.0);
  }
}

// Whole numbers with a scale of 1 are multiplied without any error, as large as the sums may get.
TEST(Int8DynamicLinear, SumsWholeNumbersExactly) {
  constexpr int64_t kColumns = 9728;  // the widest layer of the XL transformer
  const auto options = at::TensorOptions().dtype(at::kFloat).device(at::kCPU);
  at::Tensor x = at::full({2, kColumns}, 255.0, options);
  x.select(0, 1).fill_(-255.0);
  const Int8Weight weight{at::full({8, kColumns}, 127, options.dtype(at::kChar)),
                          at::ones({8}, options)};
  const at::Tensor y = dynamic_linear(x, weight);
  EXPECT_EQ(y.min().item<float>(), -255.0F * 127 * kColumns);
  EXPECT_EQ(y.max().item<float>(), 255.0F * 127 * kColumns);
}

TEST(Int8DynamicLinear, IsCloseToTheDenseProduct) {
  for (const int64_t rows : {1, 2, 16, 17, 40}) {
    const at::Tensor dense = random({24, 96}, 1);
    const at::Tensor x = random({rows, 96}, 2);
    const at::Tensor expected = at::linear(x, dense);
    const at::Tensor y = dynamic_linear(x, quantize_rows(dense));
    EXPECT_LT(((y - expected).norm() / expected.norm()).item<double>(), 0.015) << rows;
  }
}

TEST(Int8DynamicLinear, TakesAnySizeAndKeepsLeadingDimensions) {
  for (const int64_t in : {1, 3, 17, 33}) {
    for (const int64_t out : {1, 5, 16, 33}) {
      const Int8Weight weight = quantize_rows(random({out, in}, 1));
      EXPECT_EQ(dynamic_linear(random({2, 3, in}, 2), weight).sizes(),
                at::IntArrayRef({2, 3, out}));
    }
  }
}

// A retry in float32 depends on it.
TEST(Int8DynamicLinear, TellsNumbersThatAreNotFinite) {
  const Int8Weight weight = quantize_rows(random({4, 32}, 1));
  for (const double bad :
       {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    at::Tensor x = random({2, 32}, 2);
    x.select(0, 1).select(0, 3).fill_(bad);
    const at::Tensor is_finite = at::isfinite(dynamic_linear(x, weight)).all(1);
    EXPECT_TRUE(is_finite[0].item<bool>());
    EXPECT_FALSE(is_finite[1].item<bool>());
  }
}

Linear placed(const MemorySource& source, weights::LinearWeights form, int64_t in, int64_t out) {
  weights::WeightReader reader(source, {.linear = form}, "test");
  return Linear(reader.root(), in, out);
}

TEST(Linear, QuantisesActivationsWhereThePlacementAsksForIt) {
  const MemorySource source({{"weight", random({24, 64}, 1)}});
  const at::Tensor x = random({2, 5, 64}, 3);
  const at::Tensor expected = dynamic_linear(x, quantize_rows(source.tensor("weight")));
  const Linear layer = placed(source, weights::LinearWeights::kInt8Dynamic, 64, 24);
  EXPECT_TRUE(at::equal(layer(x), expected));
}

TEST(Linear, LeavesNarrowLayersDenseWhereActivationsAreQuantised) {
  const MemorySource source({{"weight", random({24, 16}, 1)}});
  const at::Tensor x = random({5, 16}, 3);
  const Linear layer = placed(source, weights::LinearWeights::kInt8Dynamic, 16, 24);
  const Linear dense = placed(source, weights::LinearWeights::kDense, 16, 24);
  EXPECT_TRUE(at::equal(layer(x), dense(x)));
}

TEST(Linear, StackedWeightsGiveTheirProductsSideBySide) {
  const MemorySource source({{"a.weight", random({24, 64}, 1)}, {"b.weight", random({16, 64}, 2)}});
  const at::Tensor x = random({5, 64}, 3);
  for (const auto form : {weights::LinearWeights::kDense, weights::LinearWeights::kInt8,
                          weights::LinearWeights::kInt8Dynamic}) {
    weights::QuantizedCount count;
    weights::WeightReader reader(source, {.linear = form, .quantized = &count}, "test");
    const auto a = reader.root().scope("a");
    const auto b = reader.root().scope("b");
    const Linear both({{a, 24}, {b, 16}}, 64);
    EXPECT_EQ(both.out_features(), 40);
    EXPECT_EQ(count.layers(), form == weights::LinearWeights::kDense ? 0 : 2);
    const at::Tensor apart = at::cat({Linear(a, 64, 24)(x), Linear(b, 64, 16)(x)}, 1);
    EXPECT_LT(largest(both(x) - apart), 1e-5);
  }
}

}  // namespace
}  // namespace acestep::nn
