// The options that plans are made from, for the commands that show plans: what the user asks of the
// machine, from options and environment.
#pragma once

#include <string>
#include <vector>

#include "cli/command.h"
#include "plan/device_choice.h"
#include "plan/plan.h"
#include "request/layer.h"

namespace acestep::cli {

// Options besides the fields of plan_field_names().
std::vector<CommandOption> plan_options();
std::vector<std::string> plan_field_names();

// The machine as CUDA and the system report it.
plan::Machine this_machine(const device::CudaBackend& cuda);

// --max_vram or MAX_CUDA_VRAM, --sim_cards, --sim_compute. A size that is none becomes a warning.
// Throws Error kUsage for the other two.
plan::Simulation simulation_of(const CommandCall& call, request::Findings& findings);

// What options, environment and fields ask for.
plan::Wishes wishes_of(const CommandCall& call, const request::Gathered& gathered);

// Installed language models and the processor's number formats.
plan::Surroundings plan_surroundings(const request::Settings& settings);

}  // namespace acestep::cli
