// Tensors in memory as a source of weights.
#pragma once

#include <ATen/ATen.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "weights/tensor_source.h"

namespace acestep::nn::testing {

class MemorySource final : public weights::TensorSource {
 public:
  explicit MemorySource(std::map<std::string, at::Tensor, std::less<>> tensors)
      : tensors_(std::move(tensors)) {
    for (const auto& [name, tensor] : tensors_) {
      infos_[name] = {tensor.scalar_type(), tensor.sizes().vec()};
    }
  }
  std::string description() const override { return "memory"; }
  std::vector<std::string> names() const override {
    std::vector<std::string> result;
    for (const auto& [name, tensor] : tensors_) result.push_back(name);
    return result;
  }
  const weights::TensorInfo* find(std::string_view name) const override {
    const auto it = infos_.find(name);
    return it == infos_.end() ? nullptr : &it->second;
  }
  at::Tensor tensor(std::string_view name) const override { return tensors_.find(name)->second; }

 private:
  std::map<std::string, at::Tensor, std::less<>> tensors_;
  std::map<std::string, weights::TensorInfo, std::less<>> infos_;
};

}  // namespace acestep::nn::testing
