// Runs a stack of layers whose weights do not fit on the device: two slots there, one for the block
// that computes and one for the next, which is copied meanwhile.
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Event.h>
#include <c10/core/Stream.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "memory/move_log.h"
#include "memory/weight_handles.h"
#include "nn/block_gate.h"

namespace acestep::memory {

// Blocks are entered in order, again and again. The weights of a block may be used between enter()
// and leave() only. Not thread-safe.
class BlockStreamer final : public nn::BlockGate {
 public:
  // blocks: at home in host memory; each with tensors of any shapes. Takes device memory for two of
  // the largest; throws c10::OutOfMemoryError. log must outlive this object.
  BlockStreamer(std::string component, std::vector<WeightHandles> blocks, at::Device device,
                MoveLog& log);
  // Brings all weights home, once the copies under way are done.
  ~BlockStreamer() override;
  BlockStreamer(const BlockStreamer&) = delete;
  BlockStreamer& operator=(const BlockStreamer&) = delete;

  void enter(int64_t index) override;
  void leave(int64_t index) override;

  // What a slot takes for these tensors: each begins at a multiple of 512 bytes.
  static int64_t slot_bytes(const std::vector<at::Tensor>& tensors);

 private:
  struct Slot {
    explicit Slot(c10::DeviceType type) : is_filled(type), is_free(type) {}
    at::Tensor bytes = {};  // [slot_bytes] uint8
    int64_t block = -1;     // whose weights it holds
    c10::Event is_filled;   // recorded by the copying stream
    c10::Event is_free;     // recorded by the computing stream
  };

  void fill(Slot& slot, int64_t index);
  c10::Stream computing_stream() const;

  std::string component_;
  std::vector<WeightHandles> blocks_;
  at::Device device_;
  MoveLog& log_;
  c10::impl::VirtualGuardImpl backend_;
  c10::Stream copying_stream_;
  std::array<Slot, 2> slots_;
  std::size_t active_ = 0;  // the slot whose block computes
};

}  // namespace acestep::memory
