// Weights made of seeded random numbers: the same on every machine, for self-tests and tiny models.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "weights/tensor_source.h"

namespace acestep::weights {

struct SeededTensor {
  TensorInfo info;  // dtype: floating point
  float mean = 0.0F;
  float spread = 1.0F;  // values are uniform in [mean - spread, mean + spread)
};

// Each tensor depends on the seed and its own name only. Thread-safe.
class SeededSource final : public TensorSource {
 public:
  SeededSource(uint64_t seed, std::map<std::string, SeededTensor, std::less<>> tensors);

  std::string description() const override;
  std::vector<std::string> names() const override;
  const TensorInfo* find(std::string_view name) const override;
  // A new tensor at every call. Throws Error kInternal for an unknown name.
  at::Tensor tensor(std::string_view name) const override;

 private:
  uint64_t seed_;
  std::map<std::string, SeededTensor, std::less<>> tensors_;
};

}  // namespace acestep::weights
