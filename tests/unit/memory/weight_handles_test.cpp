#include "memory/weight_handles.h"

#include "unit/sim/on_both.h"

namespace acestep::memory {
namespace {

using sim::testing::numbers;
using WeightHandlesTest = sim::testing::SimulatedGpu;

TEST_F(WeightHandlesTest, GoToTheDeviceAndComeHomeToTheSameMemory) {
  at::Tensor weight = numbers({8, 8});
  const at::Tensor before = weight;
  WeightHandles handles;
  handles.add(weight);
  handles.go_to(sim::device());
  EXPECT_TRUE(sim::is_simulated(weight.device()));
  EXPECT_TRUE(at::equal(weight.cpu(), before));
  handles.come_home();
  EXPECT_EQ(weight.data_ptr(), before.data_ptr());
}

TEST_F(WeightHandlesTest, WhatIsSharedIsCopiedOnce) {
  at::Tensor table = numbers({64, 32});
  at::Tensor rows = table.narrow(0, 16, 32);
  at::Tensor same = table;
  WeightHandles handles;
  for (at::Tensor* weight : {&rows, &table, &same}) handles.add(*weight);
  EXPECT_EQ(handles.bytes(), table.nbytes());
  const uint64_t before = sim::stats().live_bytes;
  handles.go_to(sim::device());
  EXPECT_EQ(sim::stats().live_bytes - before, table.nbytes());
  EXPECT_TRUE(at::equal(rows.cpu(), handles.home()[0]));
  EXPECT_EQ(rows.storage().unsafeGetStorageImpl(), table.storage().unsafeGetStorageImpl());
  handles.come_home();
  for (at::Tensor* weight : {&rows, &table, &same}) weight->reset();
  EXPECT_EQ(sim::stats().live_bytes, before);
}

TEST_F(WeightHandlesTest, StayAtHomeWhereTheDeviceHasNoRoom) {
  at::Tensor small = numbers({16});
  at::Tensor large = numbers({4096});
  WeightHandles handles;
  handles.add(small);
  handles.add(large);
  const uint64_t before = sim::stats().live_bytes;
  sim::set_cap(before + 1024);
  EXPECT_THROW(handles.go_to(sim::device()), c10::OutOfMemoryError);
  EXPECT_TRUE(small.is_cpu());
  EXPECT_TRUE(large.is_cpu());
  EXPECT_EQ(sim::stats().live_bytes, before);
}

}  // namespace
}  // namespace acestep::memory
