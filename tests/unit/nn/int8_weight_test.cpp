#include "nn/int8_weight.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "nn/linear.h"
#include "unit/nn/memory_source.h"

namespace acestep::nn {
namespace {

using testing::MemorySource;

at::Tensor random(at::IntArrayRef shape, uint64_t seed) {
  auto generator = at::detail::createCPUGenerator(seed);
  return at::randn(shape, generator, at::TensorOptions().dtype(at::kFloat).device(at::kCPU));
}

double relative_error(const at::Tensor& actual, const at::Tensor& expected) {
  const at::Tensor difference = actual.to(at::kFloat) - expected.to(at::kFloat);
  return (difference.norm() / expected.to(at::kFloat).norm()).item<double>();
}

class OfType : public ::testing::TestWithParam<at::ScalarType> {};

// Half a step of 1/127.5 of a row's largest weight, evenly spread, is 0.23 % of it; largest and
// typical weight of 64 normal numbers are 2.4 apart.
TEST_P(OfType, IsCloseToTheDenseWeight) {
  const at::Tensor weight = random({48, 64}, 1).to(GetParam());
  const Int8Weight made = quantize_rows(weight);
  EXPECT_EQ(made.values.scalar_type(), at::kChar);
  EXPECT_EQ(made.scales.scalar_type(), GetParam());
  const at::Tensor back = made.values.to(at::kFloat) * made.scales.to(at::kFloat).unsqueeze(1);
  EXPECT_LT(relative_error(back, weight), 0.01);
}

// One row goes through the packed kernel, many through a product: the same numbers.
TEST_P(OfType, FewRowsAndManyRowsAgree) {
  const Int8Weight weight = quantize_rows(random({64, 96}, 1).to(GetParam()));
  const at::Tensor x = random({40, 96}, 2).to(GetParam());
  const at::Tensor bias = random({64}, 3).to(GetParam());
  const at::Tensor many = int8_linear(x, weight, bias);
  const double bound = GetParam() == at::kFloat ? 1e-6 : GetParam() == at::kHalf ? 1e-3 : 8e-3;
  for (const int64_t row : {0, 17, 39}) {
    const at::Tensor one = int8_linear(x.narrow(0, row, 1), weight, bias);
    EXPECT_LT(relative_error(one, many.narrow(0, row, 1)), bound);
  }
}

INSTANTIATE_TEST_SUITE_P(All, OfType, ::testing::Values(at::kFloat, at::kBFloat16, at::kHalf));

// libtorch's packed kernel crashes on sizes that are no whole blocks.
TEST(Int8Linear, TakesAnySize) {
  for (const int64_t in : {1, 3, 8, 24, 33, 64}) {
    for (const int64_t out : {1, 3, 5, 16, 33, 64}) {
      const at::Tensor dense = random({out, in}, 1);
      const at::Tensor x = random({1, in}, 2);
      const at::Tensor y = int8_linear(x, quantize_rows(dense), {});
      const double largest = dense.abs().sum().item<double>() * x.abs().max().item<double>();
      EXPECT_LT((y - at::linear(x, dense)).abs().max().item<double>(), largest / 127.5);
    }
  }
}

TEST(Int8Linear, KeepsLeadingDimensions) {
  const Int8Weight weight = quantize_rows(random({6, 4}, 1));
  EXPECT_EQ(int8_linear(random({2, 3, 4}, 2), weight, {}).sizes(), at::IntArrayRef({2, 3, 6}));
  EXPECT_EQ(weight.bytes(), 6 * 4 + 6 * 4);
}

TEST(Int8Linear, RowsOfZerosStayZero) {
  for (const auto type : {at::kFloat, at::kBFloat16, at::kHalf}) {
    const at::Tensor zeros = at::zeros({2, 4}, at::TensorOptions().dtype(type).device(at::kCPU));
    const Int8Weight weight = quantize_rows(zeros);
    EXPECT_EQ(weight.values.abs().sum().item<int64_t>(), 0);
    EXPECT_TRUE(at::isfinite(weight.scales).all().item<bool>());
  }
}

TEST(Linear, IsQuantisedWhereThePlacementAsksForIt) {
  const at::Tensor weight = random({48, 64}, 1);
  const MemorySource source({{"weight", weight}, {"bias", random({48}, 2)}});
  weights::QuantizedCount count;
  const weights::Placement placement{.linear = weights::LinearWeights::kInt8, .quantized = &count};
  weights::WeightReader dense_reader(source, {}, "test");
  weights::WeightReader reader(source, placement, "test");
  const Linear dense(dense_reader.root(), 64, 48, Bias::kPresent);
  const Linear quantised(reader.root(), 64, 48, Bias::kPresent);
  reader.finish();
  EXPECT_EQ(count.layers(), 1);
  EXPECT_EQ(count.dense_bytes, 48 * 64 * 4);
  EXPECT_EQ(count.bytes, 48 * 64 + 48 * 4);
  const at::Tensor x = random({2, 5, 64}, 3);
  const double error = relative_error(quantised(x), dense(x));
  EXPECT_LT(error, 0.01);
  EXPECT_GT(error, 0.0);
}

}  // namespace
}  // namespace acestep::nn
