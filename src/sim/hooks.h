// What libtorch asks about the simulated GPU besides computing: devices, streams, generators.
#pragma once

namespace acestep::sim {

// Registers the device's guard and hooks. Call once per process.
void register_hooks();

}  // namespace acestep::sim
