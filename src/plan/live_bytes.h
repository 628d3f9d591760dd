// Follows the bytes that tensors take through a computation that is only rehearsed: what is live
// now, and what was at the peak.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

namespace acestep::plan {

// Of one storage: CUDA's allocator rounds every block up to 512, and so does the simulated GPU.
constexpr uint64_t storage_bytes(uint64_t bytes) { return (bytes + 511) / 512 * 512; }

class LiveBytes {
 public:
  // Counts as long as it lives, as the tensor does that it stands for.
  class Tensor {
   public:
    Tensor() = default;
    Tensor(Tensor&& other) noexcept { swap(other); }
    Tensor& operator=(Tensor&& other) noexcept {
      Tensor taken(std::move(other));
      swap(taken);
      return *this;
    }
    Tensor(const Tensor&) = delete;
    Tensor& operator=(const Tensor&) = delete;
    ~Tensor() {
      if (owner_ != nullptr) owner_->live_ -= bytes_;
    }

   private:
    friend class LiveBytes;
    Tensor(LiveBytes* owner, uint64_t bytes) : owner_(owner), bytes_(bytes) {}
    void swap(Tensor& other) {
      std::swap(owner_, other.owner_);
      std::swap(bytes_, other.bytes_);
    }

    LiveBytes* owner_ = nullptr;
    uint64_t bytes_ = 0;
  };

  LiveBytes() = default;
  LiveBytes(const LiveBytes&) = delete;
  LiveBytes& operator=(const LiveBytes&) = delete;

  // Must outlive what it returns.
  [[nodiscard]] Tensor take(uint64_t bytes) {
    const uint64_t taken = storage_bytes(bytes);
    live_ += taken;
    peak_ = std::max(peak_, live_);
    return {this, taken};
  }

  uint64_t peak() const { return peak_; }

 private:
  uint64_t live_ = 0;
  uint64_t peak_ = 0;
};

}  // namespace acestep::plan
