// What the machine can do for a request: from settings and models to a plan.
#pragma once

#include <string>
#include <vector>

#include "device/cuda_backend.h"
#include "pipeline/model_folders.h"
#include "plan/plan.h"
#include "request/layer.h"

namespace acestep::cli {

// The fields that a plan is made from, for commands that take no whole request.
std::vector<std::string> plan_field_names();

// The machine as CUDA and the system report it.
plan::Machine this_machine(const device::CudaBackend& cuda);

// What to take for the machine's cards. A size that is none becomes a warning. models: what
// sim_scale = auto compares with the published sizes. Throws Error kUsage for the other fields.
plan::Simulation simulation_of(const request::Settings& settings,
                               const pipeline::ModelFolders& models, request::Findings& findings);

// What the settings ask for.
plan::Wishes wishes_of(const request::Gathered& gathered);

// Installed language models, the usual DiT, and the processor's number formats.
plan::Surroundings surroundings_of(const request::Settings& settings,
                                   const pipeline::ModelFolders& models);

// Every decision for these settings, with what was noticed on the way. models: those that the
// settings name. Throws Error kUsage.
plan::Plan plan_for(const request::Gathered& gathered, const pipeline::ModelFolders& models,
                    const device::CudaBackend& cuda);

}  // namespace acestep::cli
