#include "memory/block_streamer.h"

#include <ATen/ATen.h>
#include <c10/core/StreamGuard.h>

#include <algorithm>
#include <utility>

#include "util/error.h"

namespace acestep::memory {
namespace {

constexpr int64_t kAlignment = 512;  // what device allocators align to

int64_t aligned(uint64_t bytes) {
  return (static_cast<int64_t>(bytes) + kAlignment - 1) / kAlignment * kAlignment;
}

// A copy runs beside computing only from memory that the driver reads by itself.
void prepare_home(WeightHandles& block, at::Device device) {
  for (std::size_t i = 0; i < block.count(); ++i) {
    const at::Tensor at_home = block.home()[i].contiguous();
    block.settle(i, device.is_cuda() ? at_home.pin_memory() : at_home);
  }
}

}  // namespace

int64_t BlockStreamer::slot_bytes(const std::vector<at::Tensor>& tensors) {
  int64_t bytes = 0;
  for (const at::Tensor& tensor : tensors) bytes += aligned(tensor.nbytes());
  return bytes;
}

BlockStreamer::BlockStreamer(std::string component, std::vector<WeightHandles> blocks,
                             at::Device device, MoveLog& log)
    : component_(std::move(component)),
      blocks_(std::move(blocks)),
      device_(device),
      log_(log),
      backend_(device.type()),
      copying_stream_(backend_.getStreamFromGlobalPool(device, /*isHighPriority=*/false)),
      slots_{Slot(device.type()), Slot(device.type())} {
  int64_t largest = 0;
  for (WeightHandles& block : blocks_) {
    prepare_home(block, device_);
    largest = std::max(largest, slot_bytes(block.home()));
  }
  const auto bytes = at::TensorOptions(at::kByte).device(device_);
  for (Slot& slot : slots_) {
    slot.bytes = at::empty({largest}, bytes);
    // The memory may be in use by what was computed before.
    slot.is_free.record(computing_stream());
  }
}

BlockStreamer::~BlockStreamer() {
  // Who gets the slots' memory next must not meet a copy ahead that is still under way.
  for (Slot& slot : slots_) {
    if (slot.block >= 0) slot.is_filled.block(computing_stream());
  }
  for (WeightHandles& block : blocks_) block.come_home();
}

c10::Stream BlockStreamer::computing_stream() const { return backend_.getStream(device_); }

void BlockStreamer::fill(Slot& slot, int64_t index) {
  const c10::StreamGuard guard(copying_stream_);
  slot.is_free.block(copying_stream_);
  WeightHandles& block = blocks_[static_cast<std::size_t>(index)];
  int64_t offset = 0;
  for (std::size_t i = 0; i < block.count(); ++i) {
    const at::Tensor& at_home = block.home()[i];
    const auto bytes = static_cast<int64_t>(at_home.nbytes());
    const at::Tensor place =
        slot.bytes.narrow(0, offset, bytes).view(at_home.scalar_type()).view(at_home.sizes());
    place.copy_(at_home, /*non_blocking=*/true);
    block.point(i, place);
    offset += aligned(at_home.nbytes());
  }
  slot.is_filled.record(copying_stream_);
  slot.block = index;
  log_.block(component_, static_cast<uint64_t>(offset));
}

void BlockStreamer::enter(int64_t index) {
  const auto blocks = static_cast<int64_t>(blocks_.size());
  ACE_CHECK(index >= 0 && index < blocks);
  if (slots_[active_].block != index) active_ = 1 - active_;
  Slot& slot = slots_[active_];
  if (slot.block != index) fill(slot, index);
  slot.is_filled.block(computing_stream());
  const int64_t next = (index + 1) % blocks;
  Slot& other = slots_[1 - active_];
  if (next != index && other.block != next) fill(other, next);
}

void BlockStreamer::leave(int64_t index) {
  Slot& slot = slots_[active_];
  ACE_CHECK(slot.block == index);
  slot.is_free.record(computing_stream());
}

}  // namespace acestep::memory
