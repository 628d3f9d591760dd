#include "diffusion/noise.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <cmath>
#include <numbers>

namespace acestep::diffusion {
namespace {

constexpr int64_t kLatentChannels = 64;

}  // namespace

at::Generator make_generator(uint64_t seed, at::Device device) {
  at::Generator generator = device.is_cpu() ? at::make_generator<at::CPUGeneratorImpl>()
                                            : at::globalContext()
                                                  .getAcceleratorHooksInterface(device.type())
                                                  .getNewGenerator(device.index());
  generator.set_current_seed(seed);
  return generator;
}

NoiseStreams NoiseStreams::per_song(const std::vector<uint64_t>& seeds, at::Device device) {
  std::vector<at::Generator> generators;
  for (const uint64_t seed : seeds) generators.push_back(make_generator(seed, device));
  return {std::move(generators), 1};
}

NoiseStreams NoiseStreams::shared(at::Generator generator, int64_t songs) {
  return {{std::move(generator)}, songs};
}

at::Tensor NoiseStreams::draw(int64_t frames, at::ScalarType dtype) {
  std::vector<at::Tensor> draws;
  for (const at::Generator& generator : generators_) {
    const auto options = at::TensorOptions(dtype).device(generator.device());
    draws.push_back(at::randn({songs_per_generator_, frames, kLatentChannels}, generator, options));
  }
  return at::cat(draws, 0);
}

at::Tensor mix_retake(const at::Tensor& noise, const at::Tensor& other, double variance) {
  const double angle = variance * (std::numbers::pi / 2.0);
  return noise.mul(std::cos(angle)).add(other.mul(std::sin(angle)));
}

}  // namespace acestep::diffusion
