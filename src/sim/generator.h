// Random numbers of the simulated GPU: those that the CPU draws from the same seed.
#pragma once

#include <ATen/core/Generator.h>

namespace acestep::sim {

at::Generator make_generator();
// The device's default generator.
const at::Generator& default_generator();

// The CPU generator that draws for one of the simulated GPU. Throws c10::Error for a generator of
// another device, as CUDA does.
at::Generator host_generator(const at::Generator& generator);

}  // namespace acestep::sim
