#include "models/sequence_packing.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace acestep::models {
namespace {

// One-channel states: each row is its own number.
at::Tensor rows(std::vector<float> values) {
  return at::tensor(values).view({1, static_cast<int64_t>(values.size()), 1});
}

at::Tensor mask(std::vector<int> values) { return at::tensor(values, at::kInt).unsqueeze(0); }

TEST(PackSequences, PutsValidRowsFirstAndKeepsTheirOrder) {
  const PackedSequence packed =
      pack_sequences(rows({1, 2, 3}), mask({1, 0, 1}), rows({4, 5}), mask({0, 1}));
  EXPECT_TRUE(at::equal(packed.states, rows({1, 3, 5, 2, 4})));
  EXPECT_TRUE(at::equal(packed.mask.to(at::kInt), mask({1, 1, 1, 0, 0})));
}

TEST(UnpackByOwner, GathersEachItemsRowsInOrderOfAppearance) {
  const at::Tensor packed = at::tensor({10.0F, 20.0F, 30.0F, 40.0F}).view({4, 1});
  const PackedSequence items = unpack_by_owner(packed, at::tensor({1, 0, 1, 1}, at::kLong));
  EXPECT_TRUE(at::equal(items.states.squeeze(-1),
                        at::tensor({20.0F, 0.0F, 0.0F, 10.0F, 30.0F, 40.0F}).view({2, 3})));
  EXPECT_TRUE(
      at::equal(items.mask.to(at::kInt), at::tensor({1, 0, 0, 1, 1, 1}, at::kInt).view({2, 3})));
}

}  // namespace
}  // namespace acestep::models
