// Watches a sampling run: keeps what the model was asked and what it answered.
#pragma once

#include <ATen/ATen.h>

#include <utility>
#include <vector>

#include "diffusion/velocity_model.h"
#include "song/observer.h"

namespace acestep::golden {

class SamplingRecord final : public diffusion::VelocityModel {
 public:
  explicit SamplingRecord(diffusion::VelocityModel& model) : model_(model) {}

  void use(const song::ConditionSet& conditions) override { model_.use(conditions); }

  at::Tensor velocity(const at::Tensor& x, float t) override {
    levels_.push_back(t);
    x_.push_back(x);
    velocities_.push_back(model_.velocity(x, t));
    return velocities_.back();
  }

  at::Tensor levels() const { return at::tensor(levels_, at::TensorOptions(at::kFloat)); }
  const at::Tensor& x(std::size_t call) const { return x_.at(call); }
  const at::Tensor& velocity(std::size_t call) const { return velocities_.at(call); }
  at::Tensor all_x() const { return at::stack(x_); }
  at::Tensor all_velocities() const { return at::stack(velocities_); }

 private:
  diffusion::VelocityModel& model_;
  std::vector<float> levels_;
  std::vector<at::Tensor> x_;
  std::vector<at::Tensor> velocities_;
};

class QuietObserver final : public song::Observer {
 public:
  void stage(std::string_view) override {}
  void step(int64_t, int64_t) override {}
  void adjustment(const song::Adjustment&) override {}
};

}  // namespace acestep::golden
