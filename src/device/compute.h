// Where a song is computed and in which precision: resolved once, then obeyed everywhere.
#pragma once

#include <ATen/core/Tensor.h>

#include <optional>
#include <string>

namespace acestep::device {

enum class DtypeChoice { kAuto, kFloat32, kBFloat16, kFloat16 };

// "auto", "fp32", "bf16", "fp16"; anything else: Error kUsage.
DtypeChoice parse_dtype(const std::string& text);

struct Precision {
  at::ScalarType weights = at::kFloat;      // what linear and convolution weights are held in
  at::ScalarType activations = at::kFloat;  // the residual stream between layers
  bool retries_in_float32 = false;          // fp16 may overflow: one retry on non-finite values
};

struct ComputeDevice {
  at::Device device = at::kCPU;
  std::string name;                // "NVIDIA GeForce RTX 3060", the processor's, "simulated GPU"
  std::optional<double> compute;   // CUDA compute capability, such as 8.6
  bool has_fast_bfloat16 = false;  // CUDA >= 8.0, or a processor with avx512_bf16 or AMX; the
                                   // simulated GPU has the processor's
};

// device: "auto" (the first CUDA card, else the CPU), "cpu", "cuda", "cuda:N", "sim" or "sim:N":
// the simulated GPU, which is then installed. There is one, whatever N: simulated cards differ by
// their cap. Error kUsage when the device is unknown or not there, naming why.
ComputeDevice choose_device(const std::string& device, bool cuda_is_loaded,
                            const std::string& why_no_cuda);

// Do the CPU's kernels compute on this device, on the same memory? Layers that know several forms
// of the same numbers then take the CPU's, so that a song on the simulated GPU is the CPU's to the
// bit.
bool is_computed_by_host(at::Device device);

// auto: bf16 where it is fast; fp16 weights over a float32 residual stream on CUDA below 8.0;
// else float32.
Precision choose_precision(DtypeChoice choice, const ComputeDevice& device);

// "fp32", "bf16" or "fp16".
std::string dtype_name(at::ScalarType dtype);

}  // namespace acestep::device
