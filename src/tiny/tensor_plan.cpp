#include "tiny/tensor_plan.h"

#include <cmath>
#include <utility>

#include "util/error.h"

namespace acestep::tiny {
namespace {

constexpr float kBiasSpread = 0.02F;
constexpr float kSnakeSpread = 0.1F;

// A uniform distribution of this half width has the variance 1 / fan_in.
float spread_for(int64_t fan_in) { return std::sqrt(3.0F / static_cast<float>(fan_in)); }

}  // namespace

void TensorPlan::add(const std::string& name, std::vector<int64_t> shape, float mean,
                     float spread) {
  weights::SeededTensor tensor{{at::kBFloat16, std::move(shape)}, mean, spread};
  ACE_CHECK(tensors_.emplace(name, std::move(tensor)).second);
}

void TensorPlan::norm(const std::string& name, int64_t count) {
  add(name + ".weight", {count}, 1.0F, 0.0F);
}

void TensorPlan::linear(const std::string& name, int64_t out, int64_t in) {
  add(name + ".weight", {out, in}, 0.0F, spread_for(in));
}

void TensorPlan::biased_linear(const std::string& name, int64_t out, int64_t in) {
  linear(name, out, in);
  bias(name, out);
}

void TensorPlan::table(const std::string& name, std::vector<int64_t> shape, float spread) {
  add(name, std::move(shape), 0.0F, spread);
}

void TensorPlan::biased_weight(const std::string& name, std::vector<int64_t> shape, int64_t fan_in,
                               int64_t out) {
  add(name + ".weight", std::move(shape), 0.0F, spread_for(fan_in));
  bias(name, out);
}

void TensorPlan::normalised_weight(const std::string& name, std::vector<int64_t> shape,
                                   float row_length) {
  add(name + ".weight_g", {shape.front(), 1, 1}, row_length, 0.0F);
  add(name + ".weight_v", std::move(shape), 0.0F, 1.0F);
}

void TensorPlan::bias(const std::string& name, int64_t count) {
  add(name + ".bias", {count}, 0.0F, kBiasSpread);
}

void TensorPlan::snake(const std::string& name, int64_t channels) {
  add(name + ".alpha", {1, channels, 1}, 0.0F, kSnakeSpread);
  add(name + ".beta", {1, channels, 1}, 0.0F, kSnakeSpread);
}

}  // namespace acestep::tiny
