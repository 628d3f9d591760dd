// A model of blocks for the tests of memory: each multiplies by its weight.
#pragma once

#include <vector>

#include "memory/component.h"
#include "unit/sim/on_both.h"

namespace acestep::memory::testing {

using sim::testing::numbers;
using sim::testing::SimulatedGpu;

constexpr int64_t kWidth = 256;
constexpr uint64_t kBlockBytes = kWidth * kWidth * sizeof(float);

struct Blocks {
  at::Tensor head;                  // [kWidth, kWidth]
  std::vector<at::Tensor> weights;  // likewise, one per block

  void visit_weights(const nn::WeightVisitor& visit) {
    visit_outside_blocks(visit);
    for (at::Tensor& weight : weights) visit(weight);
  }
  void visit_outside_blocks(const nn::WeightVisitor& visit) { visit(head); }
  void visit_block(int64_t index, const nn::WeightVisitor& visit) {
    visit(weights[static_cast<std::size_t>(index)]);
  }
  int64_t blocks() const { return static_cast<int64_t>(weights.size()); }

  // x: [n, kWidth]
  at::Tensor forward(at::Tensor x, nn::BlockGate* gate) const {
    for (int64_t i = 0; i < blocks(); ++i) {
      if (gate != nullptr) gate->enter(i);
      x = at::tanh(at::mm(x, weights[static_cast<std::size_t>(i)]));
      if (gate != nullptr) gate->leave(i);
    }
    return at::mm(x, head);
  }
};

inline Blocks make_blocks(int64_t count) {
  Blocks blocks{.head = numbers({kWidth, kWidth}) * 0.05, .weights = {}};
  for (int64_t i = 0; i < count; ++i) blocks.weights.push_back(numbers({kWidth, kWidth}) * 0.1);
  return blocks;
}

}  // namespace acestep::memory::testing
