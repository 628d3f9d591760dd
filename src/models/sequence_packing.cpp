#include "models/sequence_packing.h"

#include <ATen/ATen.h>

namespace acestep::models {

PackedSequence pack_sequences(const at::Tensor& first, const at::Tensor& first_mask,
                              const at::Tensor& second, const at::Tensor& second_mask) {
  const at::Tensor states = at::cat({first, second}, 1);
  const at::Tensor mask = at::cat({first_mask.to(at::kBool), second_mask.to(at::kBool)}, 1);
  const at::Tensor order = mask.to(at::kInt).argsort(/*stable=*/true, 1, /*descending=*/true);
  const at::Tensor packed = states.gather(1, order.unsqueeze(-1).expand(states.sizes()));
  return {packed, mask.gather(1, order)};
}

PackedSequence unpack_by_owner(const at::Tensor& packed, const at::Tensor& owner) {
  const int64_t items = owner.max().item<int64_t>() + 1;
  const at::Tensor counts = owner.bincount({}, items);
  const int64_t places = counts.max().item<int64_t>();
  // Sorted by owner, each row's place is its distance from its owner's first row.
  const at::Tensor order = owner.argsort(/*stable=*/true, 0, /*descending=*/false);
  const at::Tensor sorted_owner = owner.index_select(0, order);
  const at::Tensor starts = counts.cumsum(0) - counts;
  const at::Tensor place =
      at::arange(owner.size(0), owner.options()) - starts.index_select(0, sorted_owner);
  const at::Tensor slot = sorted_owner * places + place;

  at::Tensor states = at::zeros({items * places, packed.size(1)}, packed.options());
  states.index_copy_(0, slot, packed.index_select(0, order));
  const at::Tensor mask = at::arange(places, owner.options()).unsqueeze(0).lt(counts.unsqueeze(1));
  return {states.view({items, places, -1}), mask};
}

}  // namespace acestep::models
