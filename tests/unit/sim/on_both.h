// What the tests of the simulated GPU share.
#pragma once

#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include <string>

#include "sim/simulated_gpu.h"

namespace acestep::sim::testing {

class SimulatedGpu : public ::testing::Test {
 protected:
  SimulatedGpu() { install(); }
  ~SimulatedGpu() override {
    set_cap(std::nullopt);
    set_fresh_memory(FreshMemory::kAnything);
  }

  const c10::InferenceMode no_gradients_;
};

// Seeded normal numbers on the CPU.
inline at::Tensor numbers(at::IntArrayRef shape, at::ScalarType dtype = at::kFloat) {
  static at::Generator generator = at::make_generator<at::CPUGeneratorImpl>(1);
  return at::randn(shape, generator, at::TensorOptions(at::kFloat)).to(dtype);
}

inline at::Tensor on_device(const at::Tensor& tensor) { return tensor.to(device()); }

// `found` is on the simulated GPU and bitwise `expected`.
inline void expect_same(const at::Tensor& found, const at::Tensor& expected) {
  EXPECT_TRUE(is_simulated(found.device())) << found.device();
  EXPECT_EQ(found.scalar_type(), expected.scalar_type());
  EXPECT_EQ(found.strides(), expected.strides());
  const at::Tensor differs = found.cpu().ne(expected);
  EXPECT_FALSE(differs.any().item<bool>())
      << differs.sum().item<int64_t>() << " of " << expected.numel() << " differ, by up to "
      << (found.cpu() - expected).abs().max().item<double>() << ", first at "
      << differs.flatten().nonzero()[0].item<int64_t>();
}

// The message of the c10::Error that `call` throws; empty when it throws none.
template <typename Call>
std::string refusal(Call call) {
  try {
    call();
  } catch (const c10::Error& error) {
    return error.what_without_backtrace();
  }
  return {};
}

}  // namespace acestep::sim::testing
