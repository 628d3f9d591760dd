#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "nn/linear.h"
#include "nn/rms_norm.h"
#include "nn/rotary.h"
#include "unit/nn/memory_source.h"

namespace acestep::nn {
namespace {

using testing::MemorySource;

at::Tensor random(at::IntArrayRef shape, uint64_t seed) {
  auto generator = at::detail::createCPUGenerator(seed);
  return at::randn(shape, generator, at::TensorOptions().dtype(at::kFloat).device(at::kCPU));
}

class LinearOf : public ::testing::TestWithParam<at::ScalarType> {};

TEST_P(LinearOf, EqualsThePlainProduct) {
  const at::Tensor weight = random({24, 32}, 1).to(GetParam());
  const at::Tensor bias = random({24}, 2).to(GetParam());
  const MemorySource source({{"weight", weight}, {"bias", bias}});
  weights::WeightReader reader(source, {.device = at::kCPU, .dtype = GetParam()}, "test");
  const Linear linear(reader.root(), 32, 24, Bias::kPresent);
  const at::Tensor x = random({2, 5, 32}, 3);
  const at::Tensor expected =
      at::linear(x.to(GetParam()).to(at::kFloat), weight.to(at::kFloat), bias.to(at::kFloat));
  const at::Tensor actual = linear(x);
  EXPECT_EQ(actual.scalar_type(), at::kFloat);
  // The result is rounded to the weight's dtype: relative 2^-8 in bfloat16, 2^-11 in float16.
  const double bound = GetParam() == at::kFloat ? 1e-5 : 0.1;
  EXPECT_LT((actual - expected).abs().max().item<double>(), bound);
}

INSTANTIATE_TEST_SUITE_P(AllWeightTypes, LinearOf,
                         ::testing::Values(at::kFloat, at::kBFloat16, at::kHalf));

TEST(Linear, KeepsTheTypeOfItsInput) {
  const Linear linear(random({8, 16}, 1).to(at::kBFloat16), {}, at::kCPU);
  EXPECT_EQ(linear(random({3, 16}, 2).to(at::kBFloat16)).scalar_type(), at::kBFloat16);
  EXPECT_EQ(linear(random({3, 16}, 2)).scalar_type(), at::kFloat);
}

TEST(RmsNorm, DividesByTheRootMeanSquareThenWeights) {
  const MemorySource source({{"weight", at::tensor({1.0F, 2.0F})}});
  weights::WeightReader reader(source, {}, "test");
  const RmsNorm norm(reader.root(), 2, 0.0);
  const at::Tensor x = at::tensor({3.0F, 4.0F});
  const at::Tensor y = norm(x);
  const float root = std::sqrt(12.5F);
  EXPECT_NEAR(y[0].item<float>(), 3.0F / root, 1e-6F);
  EXPECT_NEAR(y[1].item<float>(), 8.0F / root, 1e-6F);
  EXPECT_EQ(x[0].item<float>(), 3.0F) << "the input must stay as it was";
}

TEST(Rotate, MakesProductsDependOnDistanceAlone) {
  const at::Tensor q = random({1, 1, 1, 16}, 1);
  const at::Tensor k = random({1, 1, 1, 16}, 2);
  const auto product = [&](int64_t query_position, int64_t key_position) {
    const auto place = [&](const at::Tensor& x, int64_t position) {
      return rotate(x, make_rotary_table(position, 1, 16, 1e4, at::kCPU));
    };
    return (place(q, query_position) * place(k, key_position)).sum().item<float>();
  };
  EXPECT_NEAR(product(7, 3), product(104, 100), 1e-4F);
}

TEST(Rotate, LeavesPositionZeroAsItIs) {
  const at::Tensor x = random({1, 2, 1, 8}, 1);
  EXPECT_TRUE(at::equal(rotate(x, make_rotary_table(0, 1, 8, 1e6, at::kCPU)), x));
}

}  // namespace
}  // namespace acestep::nn
