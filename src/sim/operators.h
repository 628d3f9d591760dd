// How operators are computed on the simulated GPU.
#pragma once

namespace acestep::sim {

// Registers all operators for the device. Call once per process.
void register_operators();

}  // namespace acestep::sim
