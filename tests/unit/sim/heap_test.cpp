#include "sim/heap.h"

#include <ATen/DeviceAccelerator.h>
#include <ATen/EmptyTensor.h>

#include "unit/sim/on_both.h"

namespace acestep::sim {
namespace {

using ::testing::HasSubstr;
using testing::numbers;
using testing::on_device;
using testing::refusal;

constexpr int64_t kMib = 1 << 20;
const auto kBytes = at::TensorOptions().dtype(at::kByte);

class Memory : public testing::SimulatedGpu {
 protected:
  at::Tensor take(int64_t bytes) { return at::empty({bytes}, kBytes.device(device())); }
  uint64_t live() const { return stats().live_bytes - before_; }

  const uint64_t before_ = stats().live_bytes;
};

TEST_F(Memory, CountsATensorAsLongAsItLives) {
  at::Tensor tensor = take(kMib);
  EXPECT_EQ(live(), kMib);
  const at::Tensor view = tensor.narrow(0, 100, 200).view({10, 20}).t();
  EXPECT_EQ(live(), kMib);
  tensor.reset();
  EXPECT_EQ(live(), kMib);  // the view needs it
}

TEST_F(Memory, GivesEverythingBack) {
  { const at::Tensor sum = take(kMib).add(1).to(at::kFloat).sum(); }
  EXPECT_EQ(live(), 0);
}

TEST_F(Memory, RoundsUpToBlocksOf512Bytes) {
  const at::Tensor tensor = take(513);
  EXPECT_EQ(live(), 1024);
}

TEST_F(Memory, AnEmptyTensorTakesNothing) {
  const at::Tensor tensor = take(0);
  EXPECT_EQ(live(), 0);
  EXPECT_EQ(tensor.add(1).numel(), 0);
}

TEST_F(Memory, CountsResultsOfOperators) {
  const at::Tensor tensor = take(kMib);
  const at::Tensor wide = tensor.to(at::kFloat);
  EXPECT_EQ(live(), 5 * kMib);
}

TEST_F(Memory, ThePeakRemembersWhatIsGone) {
  reset_peak();
  const uint64_t start = stats().peak_bytes;
  { const at::Tensor tensor = take(3 * kMib); }
  EXPECT_EQ(stats().peak_bytes - start, 3 * kMib);
  reset_peak();
  EXPECT_EQ(stats().peak_bytes, stats().live_bytes);
}

TEST_F(Memory, TheCapRefusesWhatExceedsIt) {
  const uint64_t refused = stats().out_of_memory;
  set_cap(before_ + 4 * kMib);
  const at::Tensor most = take(3 * kMib);
  EXPECT_THROW(take(kMib + 1), c10::OutOfMemoryError);
  EXPECT_EQ(stats().out_of_memory - refused, 1);
  EXPECT_EQ(live(), 3 * kMib);
  EXPECT_EQ(take(kMib).numel(), kMib);  // exactly the rest
}

TEST_F(Memory, TheCapHoldsForResultsAndCopies) {
  const at::Tensor tensor = take(kMib);
  set_cap(before_ + 2 * kMib);
  EXPECT_THROW(tensor.to(at::kFloat), c10::OutOfMemoryError);
  EXPECT_THROW(on_device(at::zeros({2 * kMib}, kBytes)), c10::OutOfMemoryError);
  EXPECT_EQ(live(), kMib);
}

TEST_F(Memory, ARefusedResizeLeavesAWholeTensor) {
  at::Tensor tensor = take(kMib).fill_(7);
  set_cap(before_ + 2 * kMib);
  EXPECT_THROW(tensor.resize_({4 * kMib}), c10::OutOfMemoryError);
  EXPECT_EQ(tensor.narrow(0, 0, kMib).to(at::kCPU).sum().item<int64_t>(), 7 * kMib);
}

TEST_F(Memory, ARefusalNamesAskedTakenAndLimit) {
  const at::Tensor tensor = take(kMib);
  set_cap(stats().live_bytes + kMib);
  const std::string message = refusal([&] { take(3 * kMib); });
  EXPECT_THAT(message, HasSubstr("the simulated GPU has no room for 3.00 MiB"));
}

TEST_F(Memory, WorksOnAfterARefusal) {
  at::Tensor tensor = take(kMib);
  set_cap(stats().live_bytes);
  EXPECT_THROW(tensor.add(1), c10::OutOfMemoryError);
  tensor.add_(1);
  tensor.reset();
  EXPECT_EQ(take(kMib).numel(), kMib);
}

TEST_F(Memory, ResizingCountsTheNewSize) {
  at::Tensor tensor = take(kMib);
  tensor.resize_({3 * kMib});
  EXPECT_EQ(live(), 3 * kMib);
  EXPECT_EQ(tensor.storage().nbytes(), 3 * kMib);
}

TEST_F(Memory, CountsTrafficWithTheHost) {
  const Stats start = stats();
  const at::Tensor tensor = on_device(numbers({1000}));
  const at::Tensor back = tensor.narrow(0, 0, 10).cpu();
  EXPECT_EQ(stats().bytes_to_device - start.bytes_to_device, 4000);
  EXPECT_EQ(stats().bytes_to_host - start.bytes_to_host, 40);
}

TEST_F(Memory, PoisonFillsFreshMemory) {
  set_fresh_memory(FreshMemory::kPoison);
  EXPECT_TRUE(at::empty({100}, at::TensorOptions(device())).isnan().all().item<bool>());
}

TEST_F(Memory, AnswersAsAnyAccelerator) {
  const at::Tensor tensor = take(kMib);
  auto* allocator = c10::getDeviceAllocator(kDeviceType);
  EXPECT_EQ(allocator->getDeviceStats(0).allocated_bytes[0].current,
            static_cast<int64_t>(stats().live_bytes));
  set_cap(stats().live_bytes + kMib);
  const auto [free_bytes, total_bytes] = allocator->getMemoryInfo(0);
  EXPECT_EQ(free_bytes, kMib);
  EXPECT_EQ(total_bytes, stats().live_bytes + kMib);
}

}  // namespace
}  // namespace acestep::sim
