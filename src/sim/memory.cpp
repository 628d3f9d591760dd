#include "sim/memory.h"

#include <c10/core/CPUAllocator.h>
#include <c10/core/CachingDeviceAllocator.h>

#include <cstring>
#include <limits>
#include <memory>

#include "sim/heap.h"
#include "util/error.h"

namespace acestep::sim {
namespace {

// What a device storage owns.
struct Block {
  c10::Storage host;
  Charge charge;
};

void delete_block(void* block) { delete static_cast<Block*>(block); }

c10::DataPtr pointer_to(std::unique_ptr<Block> block) {
  void* const memory = block->host.mutable_data();
  return {memory, block.release(), &delete_block, device()};
}

c10::Storage make_host_storage(std::size_t bytes) {
  return c10::make_intrusive<c10::StorageImpl>(c10::StorageImpl::use_byte_size_t(), bytes,
                                               c10::GetCPUAllocator(), /*resizable=*/true);
}

// Past the guard against the host.
c10::DataPtr& unchecked_pointer(const c10::Storage& storage) {
  return storage.unsafeGetStorageImpl()->_mutable_data_ptr_no_checks();
}

Block& block_of(const c10::Storage& storage) {
  auto* block = unchecked_pointer(storage).cast_context<Block>(&delete_block);
  ACE_CHECK(block != nullptr);
  return *block;
}

c10::CachingAllocator::Stat stat(uint64_t current, uint64_t peak) {
  c10::CachingAllocator::Stat result;
  result.current = static_cast<int64_t>(current);
  result.peak = static_cast<int64_t>(peak);
  return result;
}

class Allocator final : public c10::DeviceAllocator {
 public:
  c10::DataPtr allocate(std::size_t bytes) override {
    // Charged before the host is asked: a refusal costs nothing.
    Charge charge(bytes);
    auto block = std::make_unique<Block>(make_host_storage(bytes), std::move(charge));
    if (heap().poisons() && bytes > 0) std::memset(block->host.mutable_data(), 0xFF, bytes);
    return pointer_to(std::move(block));
  }
  void copy_data(void* to, const void* from, std::size_t bytes) const override {
    std::memcpy(to, from, bytes);
  }
  bool initialized() override { return true; }
  void emptyCache(c10::MempoolId_t) override {}
  void recordStream(const c10::DataPtr&, c10::Stream) override {}
  c10::CachingDeviceAllocator::DeviceStats getDeviceStats(c10::DeviceIndex) override {
    const Stats now = heap().stats();
    c10::CachingDeviceAllocator::DeviceStats result;
    result.allocated_bytes[0] = stat(now.live_bytes, now.peak_bytes);
    result.reserved_bytes[0] = result.allocated_bytes[0];
    result.num_ooms = static_cast<int64_t>(now.out_of_memory);
    return result;
  }
  void resetAccumulatedStats(c10::DeviceIndex) override {}
  void resetPeakStats(c10::DeviceIndex) override { heap().reset_peak(); }
  // Free and total bytes.
  std::pair<std::size_t, std::size_t> getMemoryInfo(c10::DeviceIndex) override {
    const Stats now = heap().stats();
    const uint64_t total = now.cap_bytes.value_or(std::numeric_limits<int64_t>::max());
    return {total > now.live_bytes ? total - now.live_bytes : 0, total};
  }
};

}  // namespace

c10::DeviceAllocator& allocator() {
  static auto* const the_allocator = new Allocator;
  return *the_allocator;
}

c10::Storage adopt(const c10::Storage& host) {
  auto block = std::make_unique<Block>(host, Charge(host.nbytes()));
  c10::Storage storage = c10::make_intrusive<c10::StorageImpl>(
      c10::StorageImpl::use_byte_size_t(), host.nbytes(), pointer_to(std::move(block)),
      &allocator(), /*resizable=*/true);
  guard_against_host(storage);
  return storage;
}

void guard_against_host(const c10::Storage& device_storage) {
  // Nothing is released, whatever the name says: the storage throws this from now on.
  device_storage.unsafeGetStorageImpl()->release_data_and_set_meta_custom_data_ptr_error_msg_(
      "the host cannot point into the simulated GPU's memory: copy the tensor to the CPU first");
}

const c10::Storage& host_storage(const c10::Storage& device) { return block_of(device).host; }

void follow_host(const c10::Storage& device_storage) {
  Block& block = block_of(device_storage);
  const bool is_same = block.host.data() == unchecked_pointer(device_storage).get() &&
                       block.host.nbytes() == device_storage.nbytes();
  if (is_same) return;
  c10::StorageImpl& storage = *device_storage.unsafeGetStorageImpl();
  static_cast<void>(unchecked_pointer(device_storage).release_context());
  storage.set_data_ptr_noswap({block.host.mutable_data(), &block, &delete_block, device()});
  storage.set_nbytes(block.host.nbytes());
  block.charge = Charge(block.host.nbytes());
}

}  // namespace acestep::sim
