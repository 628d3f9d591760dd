#include "pipeline/opened_models.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "device/usable_memory.h"
#include "util/error.h"

namespace acestep::pipeline {
namespace {

void set_threads(int threads) {
  const int wanted = threads > 0 ? threads : static_cast<int>(std::thread::hardware_concurrency());
  at::set_num_threads(std::max(1, wanted));
}

weights::LinearWeights linear_weights(const std::string& quantization) {
  if (quantization == "none") return weights::LinearWeights::kDense;
  if (quantization == "int8_weight_only") return weights::LinearWeights::kInt8;
  if (quantization == "w8a8_dynamic") return weights::LinearWeights::kInt8Dynamic;
  throw Error(ErrorCode::kUsage, "quantization '" + quantization + "' is not supported",
              "use none, int8_weight_only or w8a8_dynamic");
}

}  // namespace

OpenedModels open_models(const MachineOptions& options, const device::CudaBackend& cuda,
                         const ModelNeeds& needs) {
  set_threads(options.threads);
  const device::ComputeDevice device =
      device::choose_device(options.device, cuda.is_loaded, cuda.why_not);
  ModelFolders folders =
      find_models({options.checkpoint_dir, options.dit_model, options.lm_model, options.vae});
  require_models(folders, options.checkpoint_dir, needs);
  const device::Precision precision =
      device::choose_precision(device::parse_dtype(options.dtype), device);
  device::set_memory_cap(device.device, {options.memory.cap_bytes, options.memory.cap_fraction});
  const Quantization quantization{linear_weights(options.quantization),
                                  linear_weights(options.lm_quantization)};
  auto components = std::make_unique<Components>(std::move(folders), device, precision,
                                                 options.memory, quantization, options.adapters);
  return {device, precision, std::move(components)};
}

}  // namespace acestep::pipeline
