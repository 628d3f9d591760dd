// A machine with the models of a run on it, none of them loaded yet.
#pragma once

#include <memory>

#include "device/compute.h"
#include "device/cuda_backend.h"
#include "pipeline/components.h"
#include "pipeline/model_folders.h"
#include "pipeline/run_options.h"

namespace acestep::pipeline {

struct OpenedModels {
  device::ComputeDevice device;
  device::Precision precision;  // as chosen
  std::unique_ptr<Components> components;
};

// Sets the process's threads and the device's memory cap. cuda: what main found at its start.
// Throws Error kModel naming needed models that are not there, kUsage for an unknown device or
// number type.
OpenedModels open_models(const MachineOptions& options, const device::CudaBackend& cuda,
                         const ModelNeeds& needs = {});

}  // namespace acestep::pipeline
