#include "plan/vae_memory.h"

#include <algorithm>

namespace acestep::plan {
namespace {

constexpr int64_t kSnakeElements = int64_t{1} << 24;  // as in src/nn/snake.cpp

}  // namespace

Tensor signal_of(const Rehearsal& run, const Signal& signal) {
  return run.of(signal.numbers(), run.numbers.weights);
}

void bend(const Rehearsal& run, const Signal& signal) {
  const int64_t part_length = std::max<int64_t>(1, kSnakeElements / signal.channels);
  const int64_t part = std::min(signal.length, part_length) * signal.channels;
  const Tensor widened = run.numbers.weights == 4 ? Tensor() : run.floats(part);
  const Tensor wave = run.floats(part);
}

Tensor residual_unit(const Rehearsal& run, const Signal& signal) {
  Tensor y;
  {
    const Tensor bent = signal_of(run, signal);
    bend(run, signal);
    y = signal_of(run, signal);
  }
  bend(run, signal);
  return signal_of(run, signal);
}

int64_t samples_per_frame(const VaeFacts& vae) {
  int64_t samples = 1;
  for (const VaeBlock& block : vae.blocks) samples *= block.stride;
  return samples;
}

}  // namespace acestep::plan
