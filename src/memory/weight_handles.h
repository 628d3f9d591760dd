// The weights of one model, or of a part of one, as a set that goes to the device and comes home.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace acestep::memory {

// Refers to the tensors of a model that must stay where it is in memory. Weights never change, so
// coming home copies nothing: the device's copies are dropped. Not thread-safe.
class WeightHandles {
 public:
  // A tensor of the model, which is at home now. What several handles share is copied once.
  void add(at::Tensor& weight);

  // Copies all to the device. Throws c10::OutOfMemoryError; then all are at home again.
  void go_to(at::Device device);
  void come_home();

  // Of all tensors at home, shared ones once.
  uint64_t bytes() const;
  std::size_t count() const { return weights_.size(); }

  // At home, in the order of add().
  const std::vector<at::Tensor>& home() const { return home_; }
  // From now on weight `index` is at home in `tensor`, which has the same numbers.
  void settle(std::size_t index, at::Tensor tensor);
  // Makes handle `index` refer to `tensor`, which has the same numbers.
  void point(std::size_t index, const at::Tensor& tensor) { *weights_[index] = tensor; }

 private:
  // The weight at home whose memory contains that of weight `index`: itself, if it shares none.
  std::size_t whole_of(std::size_t index) const;

  std::vector<at::Tensor*> weights_;
  std::vector<at::Tensor> home_;
};

}  // namespace acestep::memory
