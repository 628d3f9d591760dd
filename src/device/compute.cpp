#include "device/compute.h"

#include <ATen/Context.h>

#include <charconv>
#include <fstream>
#include <sstream>

#include "device/cuda_backend.h"
#include "sim/simulated_gpu.h"
#include "util/error.h"

namespace acestep::device {
namespace {

constexpr double kFirstBFloat16Capability = 8.0;  // Ampere

struct Processor {
  std::string name = "CPU";
  bool has_bfloat16 = false;
};

Processor read_processor() {
  Processor processor;
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    const auto colon = line.find(": ");
    if (colon == std::string::npos) continue;
    if (line.rfind("model name", 0) == 0) processor.name = line.substr(colon + 2);
    if (line.rfind("flags", 0) != 0) continue;
    std::istringstream flags(line.substr(colon + 2));
    for (std::string flag; flags >> flag;) {
      if (flag == "avx512_bf16" || flag == "amx_bf16") processor.has_bfloat16 = true;
    }
    break;
  }
  return processor;
}

ComputeDevice cpu_device() {
  const Processor processor = read_processor();
  return {at::kCPU, processor.name, std::nullopt, processor.has_bfloat16};
}

ComputeDevice simulated_device() {
  sim::install();
  return {sim::device(), "simulated GPU", std::nullopt, read_processor().has_bfloat16};
}

[[noreturn]] void refuse_word(const std::string& device) {
  throw Error(ErrorCode::kUsage, "--device '" + device + "' is not a device",
              "use auto, cpu, cuda, cuda:N or sim");
}

// N of "cuda:N" or "sim:N", 0 without one.
int card_index(const std::string& device) {
  const std::size_t colon = device.find(':');
  if (colon == std::string::npos) return 0;
  int index = -1;
  const char* last = device.data() + device.size();
  const auto [end, error] = std::from_chars(device.data() + colon + 1, last, index);
  if (error != std::errc() || end != last || index < 0) refuse_word(device);
  return index;
}

ComputeDevice cuda_device(int index) {
  const auto count = static_cast<int>(at::detail::getCUDAHooks().deviceCount());
  if (index >= count) {
    throw Error(ErrorCode::kUsage,
                "--device cuda:" + std::to_string(index) +
                    " is not there: " + std::to_string(count) + " CUDA device(s) found",
                "use a smaller number or --device cpu");
  }
  ComputeDevice device;
  device.device = at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(index));
  device.name = "CUDA device " + std::to_string(index);
  if (const auto card = cuda_card(index)) {
    device.name = card->name;
    device.compute = card->compute_major + card->compute_minor / 10.0;
    device.has_fast_bfloat16 = *device.compute >= kFirstBFloat16Capability;
  }
  return device;
}

}  // namespace

DtypeChoice parse_dtype(const std::string& text) {
  if (text == "auto") return DtypeChoice::kAuto;
  if (text == "fp32") return DtypeChoice::kFloat32;
  if (text == "bf16") return DtypeChoice::kBFloat16;
  if (text == "fp16") return DtypeChoice::kFloat16;
  throw Error(ErrorCode::kUsage, "--dtype '" + text + "' is not a compute type",
              "use auto, fp32, bf16 or fp16");
}

ComputeDevice choose_device(const std::string& device, bool cuda_is_loaded,
                            const std::string& why_no_cuda) {
  if (device == "cpu") return cpu_device();
  if (device == "auto") return cuda_is_loaded ? cuda_device(0) : cpu_device();
  const std::string kind = device.substr(0, device.find(':'));
  if (kind != "cuda" && kind != "sim") refuse_word(device);
  const int index = card_index(device);
  if (kind == "sim") return simulated_device();
  if (!cuda_is_loaded) {
    throw Error(ErrorCode::kUsage, "--device " + device + " cannot be used: " + why_no_cuda,
                "use --device cpu or auto");
  }
  return cuda_device(index);
}

bool is_computed_by_host(at::Device device) { return device.is_cpu() || sim::is_simulated(device); }

Precision choose_precision(DtypeChoice choice, const ComputeDevice& device) {
  if (choice == DtypeChoice::kAuto) {
    if (device.has_fast_bfloat16)
      choice = DtypeChoice::kBFloat16;
    else
      choice = device.device.is_cuda() ? DtypeChoice::kFloat16 : DtypeChoice::kFloat32;
  }
  switch (choice) {
    case DtypeChoice::kBFloat16:
      return {at::kBFloat16, at::kBFloat16, false};
    case DtypeChoice::kFloat16:
      return {at::kHalf, at::kFloat, true};
    default:
      return {};
  }
}

std::string dtype_name(at::ScalarType dtype) {
  if (dtype == at::kBFloat16) return "bf16";
  return dtype == at::kHalf ? "fp16" : "fp32";
}

}  // namespace acestep::device
