// Where weights come from: a folder of safetensors files, a single file, or seeded random numbers.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace acestep::weights {

struct TensorInfo {
  at::ScalarType dtype = at::kFloat;
  std::vector<int64_t> shape;
};

class TensorSource {
 public:
  virtual ~TensorSource() = default;

  // What messages call this source: a path.
  virtual std::string description() const = 0;
  // All tensor names, sorted.
  virtual std::vector<std::string> names() const = 0;
  // nullptr when the name is absent.
  virtual const TensorInfo* find(std::string_view name) const = 0;
  // The stored tensor on the CPU in its stored dtype. May alias a read-only file mapping, which the
  // tensor keeps alive: never write into it.
  virtual at::Tensor tensor(std::string_view name) const = 0;
  // The values of `name` have been copied to where they are needed: memory that holds them for this
  // source alone may be given back. Tensors of it stay valid.
  virtual void release(std::string_view /*name*/) const {}
};

}  // namespace acestep::weights
