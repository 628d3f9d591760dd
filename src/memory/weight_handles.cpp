#include "memory/weight_handles.h"

#include <ATen/ATen.h>

#include <utility>

namespace acestep::memory {
namespace {

// Does `whole` contain the memory of `part`? Of two that are the same, the earlier one is whole.
bool holds(const at::Tensor& whole, const at::Tensor& part, bool is_earlier) {
  if (!whole.has_storage() || !part.has_storage()) return whole.is_same(part) && is_earlier;
  // Not Storage::is_alias_of(), which follows pointers into a device's memory.
  const bool share =
      whole.storage().unsafeGetStorageImpl() == part.storage().unsafeGetStorageImpl();
  if (!share || !whole.is_contiguous()) return false;
  const int64_t begin = part.storage_offset() - whole.storage_offset();
  if (whole.scalar_type() != part.scalar_type() || begin < 0) return false;
  if (begin + part.numel() > whole.numel() || !part.is_contiguous()) return false;
  return part.numel() < whole.numel() || is_earlier;
}

at::Tensor part_of(const at::Tensor& copy, const at::Tensor& whole, const at::Tensor& part) {
  if (!whole.has_storage()) return copy;
  return copy.as_strided(part.sizes(), part.strides(),
                         part.storage_offset() - whole.storage_offset() + copy.storage_offset());
}

}  // namespace

void WeightHandles::add(at::Tensor& weight) {
  weights_.push_back(&weight);
  home_.push_back(weight);
}

void WeightHandles::go_to(at::Device device) {
  std::vector<at::Tensor> copies(home_.size());
  for (std::size_t i = 0; i < home_.size(); ++i) {
    const std::size_t whole = whole_of(i);
    if (!copies[whole].defined()) copies[whole] = home_[whole].to(device);
    if (whole != i) copies[i] = part_of(copies[whole], home_[whole], home_[i]);
  }
  for (std::size_t i = 0; i < weights_.size(); ++i) point(i, copies[i]);
}

std::size_t WeightHandles::whole_of(std::size_t index) const {
  for (std::size_t i = 0; i < home_.size(); ++i) {
    if (i != index && holds(home_[i], home_[index], i < index)) return i;
  }
  return index;
}

void WeightHandles::come_home() {
  for (std::size_t i = 0; i < weights_.size(); ++i) point(i, home_[i]);
}

void WeightHandles::settle(std::size_t index, at::Tensor tensor) {
  point(index, tensor);
  home_[index] = std::move(tensor);
}

uint64_t WeightHandles::bytes() const {
  uint64_t bytes = 0;
  for (std::size_t i = 0; i < home_.size(); ++i) {
    if (whole_of(i) == i) bytes += home_[i].nbytes();
  }
  return bytes;
}

}  // namespace acestep::memory
