#include "models/dit_time_embedding.h"

#include <ATen/ATen.h>

#include <cmath>

#include "models/dit_layer.h"
#include "util/error.h"

namespace acestep::models {
namespace {

// Reference: modeling_acestep_v15_turbo.py, TimestepEmbedding.
constexpr int64_t kFeatures = 256;
constexpr double kTimeScale = 1000.0;
constexpr double kLongestPeriod = 10000.0;

}  // namespace

at::Tensor time_features(const at::Tensor& t, int64_t features) {
  ACE_CHECK(features % 2 == 0);
  const int64_t half = features / 2;
  const auto options = at::TensorOptions().dtype(at::kFloat).device(t.device());
  const at::Tensor steps = at::arange(half, options) * -std::log(kLongestPeriod);
  const at::Tensor frequencies = (steps / static_cast<double>(half)).exp();
  const at::Tensor angles = (t * kTimeScale).to(at::kFloat).unsqueeze(1) * frequencies;
  return at::cat({angles.cos(), angles.sin()}, -1);
}

TimeEmbedding::TimeEmbedding(const weights::WeightScope& scope, int64_t hidden)
    : linear_1(scope.scope("linear_1"), kFeatures, hidden, nn::Bias::kPresent),
      linear_2(scope.scope("linear_2"), hidden, hidden, nn::Bias::kPresent),
      time_proj(scope.scope("time_proj"), hidden, kLayerModulations * hidden, nn::Bias::kPresent) {}

TimeEmbedding::Result TimeEmbedding::operator()(const at::Tensor& t) const {
  const at::Tensor features = time_features(t, kFeatures);
  const at::Tensor embedding = linear_2(at::silu(linear_1(features)));
  return {embedding, time_proj(at::silu(embedding)).unflatten(1, {kLayerModulations, -1})};
}

}  // namespace acestep::models
