// Random numbers of a song's sampling: every song of a batch has its own stream, so that it sounds
// the same alone and in company.
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace acestep::diffusion {

// A generator of its own, seeded. On the CPU its numbers are those of Python's torch for that seed.
at::Generator make_generator(uint64_t seed, at::Device device = at::kCPU);

// The streams of one batch. The first draw is the noise a song starts from; an SDE sampler draws
// once more per step. Not thread-safe.
class NoiseStreams {
 public:
  // One stream per song: song i's numbers depend on seeds[i] alone.
  static NoiseStreams per_song(const std::vector<uint64_t>& seeds, at::Device device = at::kCPU);
  // One stream for the whole batch, as the reference does for a single number or its global
  // generator.
  static NoiseStreams shared(at::Generator generator, int64_t songs);

  // [B, frames, 64] standard normal numbers of `dtype` on the generators' device. float32 and
  // bfloat16 draws of one seed are different numbers.
  at::Tensor draw(int64_t frames, at::ScalarType dtype = at::kFloat);

 private:
  NoiseStreams(std::vector<at::Generator> generators, int64_t songs_per_generator)
      : generators_(std::move(generators)), songs_per_generator_(songs_per_generator) {}

  std::vector<at::Generator> generators_;
  int64_t songs_per_generator_;
};

// A neighbour of `noise`: cos(vπ/2)·noise + sin(vπ/2)·other, so the variance stays 1.
// Both [B, T, 64]; variance 0 … 1: 0 is `noise`, 1 is `other`.
at::Tensor mix_retake(const at::Tensor& noise, const at::Tensor& other, double variance);

}  // namespace acestep::diffusion
