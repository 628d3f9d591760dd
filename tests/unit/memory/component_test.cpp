#include "memory/component.h"

#include "blocks.h"

namespace acestep::memory {
namespace {

using testing::Blocks;
using testing::kBlockBytes;
using testing::kWidth;

constexpr int64_t kBlocks = 4;
constexpr uint64_t kAllBytes = (kBlocks + 1) * kBlockBytes;

class ComponentTest : public testing::SimulatedGpu {
 protected:
  Component<Blocks> make(Idle idle) {
    return {{.name = "model", .device = sim::device(), .idle = idle},
            [this](at::Device home) {
              auto model = std::make_unique<Blocks>(blocks_);
              model->visit_weights([&](at::Tensor& weight) { weight = weight.to(home); });
              return model;
            },
            log_,
            load_seconds_};
  }
  uint64_t taken() const { return sim::stats().live_bytes - before_; }
  const Moves& moves() const { return log_.moves().at("model"); }
  bool computes_rightly(Component<Blocks>& component) {
    const at::Tensor x = testing::numbers({2, kWidth});
    const auto lease = component.lease();
    const at::Tensor found = lease->forward(x.to(sim::device()), lease.gate());
    return at::equal(found.cpu(), blocks_.forward(x, nullptr));
  }

  Blocks blocks_ = testing::make_blocks(kBlocks);
  MoveLog log_;
  double load_seconds_ = 0;
  uint64_t before_ = sim::stats().live_bytes;
};

TEST_F(ComponentTest, OnDeviceStaysThere) {
  auto component = make(Idle::kOnDevice);
  EXPECT_EQ(taken(), 0);
  EXPECT_TRUE(computes_rightly(component));
  EXPECT_EQ(taken(), kAllBytes);
  EXPECT_TRUE(computes_rightly(component));
  EXPECT_EQ(moves().loads, 1);
  EXPECT_EQ(moves().to_device, 1);
  EXPECT_EQ(moves().to_host, 0);
}

TEST_F(ComponentTest, AtHomeIsLoadedOnceAndMovesForEveryLease) {
  auto component = make(Idle::kAtHome);
  for (int lease = 0; lease < 3; ++lease) {
    EXPECT_TRUE(computes_rightly(component));
    EXPECT_EQ(taken(), 0);
  }
  EXPECT_EQ(moves().loads, 1);
  EXPECT_EQ(moves().to_device, 3);
  EXPECT_EQ(moves().to_host, 3);
  EXPECT_EQ(moves().bytes, 3 * kAllBytes);
}

TEST_F(ComponentTest, UnloadedIsLoadedForEveryLease) {
  auto component = make(Idle::kUnloaded);
  EXPECT_TRUE(computes_rightly(component));
  EXPECT_TRUE(computes_rightly(component));
  EXPECT_EQ(taken(), 0);
  EXPECT_EQ(moves().loads, 2);
}

TEST_F(ComponentTest, StaysUntilTheLastLeaseEnds) {
  auto component = make(Idle::kAtHome);
  auto first = component.lease();
  {
    const auto second = component.lease();
    EXPECT_EQ(taken(), kAllBytes);
  }
  EXPECT_EQ(taken(), kAllBytes);
  EXPECT_EQ(moves().to_device, 1);
}

TEST_F(ComponentTest, StreamsWithTwoBlocksOnTheDevice) {
  auto component = make(Idle::kAtHome);
  component.stream_blocks();
  EXPECT_TRUE(computes_rightly(component));
  {
    const auto lease = component.lease();
    EXPECT_EQ(taken(), 3 * kBlockBytes);  // two slots and what is outside of blocks
    EXPECT_NE(lease.gate(), nullptr);
  }
  EXPECT_EQ(taken(), 0);
}

TEST_F(ComponentTest, LeavesWhenIdleOnceThatIsAskedFor) {
  auto component = make(Idle::kOnDevice);
  component.lease();
  EXPECT_EQ(taken(), kAllBytes);
  EXPECT_TRUE(component.leave_when_idle(Idle::kAtHome));
  EXPECT_EQ(taken(), 0);
  EXPECT_FALSE(component.leave_when_idle(Idle::kAtHome));
  EXPECT_TRUE(computes_rightly(component));
  EXPECT_EQ(taken(), 0);
}

TEST_F(ComponentTest, ARefusedLeaseLeavesNothingBehind) {
  for (const Idle idle : {Idle::kOnDevice, Idle::kAtHome, Idle::kUnloaded}) {
    auto component = make(idle);
    sim::set_cap(before_ + kAllBytes - 1);
    EXPECT_THROW(component.lease(), c10::OutOfMemoryError);
    EXPECT_EQ(taken(), 0);
    sim::set_cap(std::nullopt);
    EXPECT_TRUE(computes_rightly(component));
  }
}

TEST_F(ComponentTest, RefusedSlotsLeaveNothingBehind) {
  auto component = make(Idle::kAtHome);
  component.stream_blocks();
  sim::set_cap(before_ + 2 * kBlockBytes);
  EXPECT_THROW(component.lease(), c10::OutOfMemoryError);
  EXPECT_EQ(taken(), 0);
  sim::set_cap(std::nullopt);
  EXPECT_TRUE(computes_rightly(component));
}

TEST_F(ComponentTest, WorksElsewhereOnceMoved) {
  auto component = make(Idle::kOnDevice);
  component.lease();
  component.work_on(at::kCPU);
  EXPECT_EQ(taken(), 0);
  const auto lease = component.lease();
  EXPECT_TRUE(lease->head.is_cpu());
}

}  // namespace
}  // namespace acestep::memory
