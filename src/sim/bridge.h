// Lends tensors of the simulated GPU to the CPU's kernels and takes their results over, without
// copies.
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/util/SmallVector.h>

namespace acestep::sim {

// For one call of a kernel. A tensor lent twice is the same host tensor; results that are, or are
// views of, lent tensors come back as the same device tensors or views of them. So operators in
// place, with out= arguments and views keep their meaning.
class Bridge {
 public:
  // A host tensor on the memory of `tensor`, which is on the simulated GPU.
  at::Tensor lend(const at::Tensor& tensor);
  // What the kernel returned, on the simulated GPU. Throws c10::OutOfMemoryError when there is no
  // room for it.
  at::Tensor take(const at::Tensor& result);
  // Carries over new sizes, strides and storages of lent tensors. Call before take().
  void follow_host() const;

 private:
  struct Pair {
    at::Tensor device;
    at::Tensor host;
  };
  c10::SmallVector<Pair, 8> pairs_;
};

}  // namespace acestep::sim
