// Random numbers, schedules, wavelets, guidance and solvers.
#include <ATen/ATen.h>

#include <cmath>
#include <numbers>

#include "diffusion/dcw.h"
#include "diffusion/guidance.h"
#include "diffusion/noise.h"
#include "diffusion/schedule.h"
#include "diffusion/solver.h"
#include "diffusion/wavelet.h"
#include "selftest/check.h"

namespace acestep::selftest {
namespace {

// Draws of Python's torch 2.11 on a CPU (tests/data/golden/e2e/rng_check.json). The vectorised
// normal distribution may differ from machine to machine in its last bits.
void check_random_numbers(Expect& expect, Workshop&) {
  const auto first = [](uint64_t seed) {
    return diffusion::NoiseStreams::per_song({seed}).draw(150).flatten().slice(0, 0, 8);
  };
  const at::Tensor of_0 = at::tensor(
      {-1.1258398294448853, -1.152360200881958, -0.2505785822868347, -0.4338788092136383,
       0.8487103581428528, 0.6920091509819031, -0.31601276993751526, -2.1152193546295166},
      at::kDouble);
  expect.near("normal numbers of seed 0", first(0), of_0, 1e-6);
  const at::Tensor of_large =
      at::tensor({-0.5685415267944336, -0.1992170363664627, 1.0399844646453857, -0.4995630979537964,
                  0.692722737789154, -1.5185129642486572, -0.7257814407348633},
                 at::kDouble);
  expect.near("normal numbers of seed 1234567890123", first(1234567890123).slice(0, 0, 7), of_large,
              1e-6);
}

void check_streams(Expect& expect, Workshop&) {
  auto both = diffusion::NoiseStreams::per_song({7, 8});
  auto alone = diffusion::NoiseStreams::per_song({8});
  expect.near("a song's noise in company", both.draw(20)[1], alone.draw(20)[0], 0.0);
  expect.near("its next draw", both.draw(20)[1], alone.draw(20)[0], 0.0);
  const at::Tensor noise = alone.draw(200);
  const at::Tensor mixed = diffusion::mix_retake(noise, alone.draw(200), 0.3);
  expect.near("the variance of a retake", mixed.to(at::kDouble).var().item<double>(), 1.0, 0.05);
}

void check_schedules(Expect& expect, Workshop&) {
  const auto levels = [](const diffusion::ScheduleOptions& options) {
    const diffusion::Schedule schedule = diffusion::make_schedule(options);
    return at::tensor(schedule.levels, at::kFloat).slice(0, 0, schedule.steps());
  };
  // tests/data/golden/acoustic/schedules.json
  const at::Tensor shift_3 =
      at::tensor({1.0, 0.9545454382896423, 0.8999999761581421, 0.8333333134651184, 0.75,
                  0.6428571343421936, 0.5, 0.30000001192092896},
                 at::kDouble);
  expect.near("turbo, 8 steps, shift 3",
              levels({.family = diffusion::ScheduleFamily::kTurbo, .steps = 8, .shift = 3.0}),
              shift_3, 1e-7);
  expect.near("sft, 8 steps, shift 3",
              levels({.family = diffusion::ScheduleFamily::kStandard, .steps = 8, .shift = 3.0}),
              shift_3, 1e-7);
  expect.near("base, 8 steps",
              levels({.family = diffusion::ScheduleFamily::kBase, .steps = 8, .shift = 1.0}),
              at::arange(8, 0, -1, at::kDouble) / 8.0, 0.0);
}

// An orthonormal filter pair: Σh = √2, Σh² = 1, even shifts and the high-pass are orthogonal.
void check_wavelets(Expect& expect, Workshop&) {
  for (const char* name : {"haar", "db2", "db7", "db20", "sym5", "sym16"}) {
    const std::vector<double> low = diffusion::synthesis_low_pass(name);
    const at::Tensor h = at::tensor(low, at::kDouble);
    const at::Tensor g = at::tensor(diffusion::synthesis_high_pass(low), at::kDouble);
    const std::string of = std::string(" of ") + name;
    expect.near("the sum" + of, h.sum().item<double>(), std::numbers::sqrt2, 1e-9);
    for (int64_t shift = 0; shift < h.size(0); shift += 2) {
      const at::Tensor moved = h.slice(0, 0, h.size(0) - shift);
      expect.near("the filter's product with its own shift" + of,
                  at::dot(moved, h.slice(0, shift)).item<double>(), shift == 0 ? 1.0 : 0.0, 1e-9);
      expect.near("its product with the high-pass" + of,
                  at::dot(g.slice(0, 0, h.size(0) - shift), h.slice(0, shift)).item<double>(), 0.0,
                  1e-9);
    }
  }
  // PyWavelets' db2.
  expect.near("db2", at::tensor(diffusion::synthesis_low_pass("db2"), at::kDouble),
              at::tensor({0.48296291314453416, 0.8365163037378079, 0.2241438680420134,
                          -0.12940952255126037},
                         at::kDouble),
              1e-10);
}

// With equal weights for both bands the transform and its inverse leave x + s·(x − clean).
void check_wavelet_inverse(Expect& expect, Workshop&) {
  const at::Tensor x = random_tensor({2, 33, 64}, 21);
  const at::Tensor clean = random_tensor({2, 33, 64}, 22);
  for (const char* wavelet : {"haar", "db4", "sym8"}) {
    const diffusion::Dcw dcw({.scaler = 0.2, .high_scaler = 0.2, .wavelet = wavelet});
    // At t = 0.5 both bands are weighed by 0.1.
    expect.near(std::string("bands of ") + wavelet + " put together again",
                dcw.correct(x, clean, 0.5), x + 0.1 * (x - clean), 1e-5);
  }
  const diffusion::Dcw off({.is_enabled = false});
  expect.near("no correction when it is off", off.correct(x, clean, 0.5), x, 0.0);
}

// The step across the conditional velocity: along time, per channel, never along it.
void check_projected_guidance(Expect& expect, Workshop&) {
  const at::Tensor cond = random_tensor({1, 30, 64}, 23);
  const at::Tensor uncond = cond + 0.1 * random_tensor({1, 30, 64}, 24);
  diffusion::ProjectedGuidance guidance;
  const at::Tensor moved = (guidance(cond, uncond, 5.0) - cond).to(at::kDouble);
  expect.near("its product with the conditional velocity", (moved * cond).sum(1),
              at::zeros({1, 64}, at::kDouble), 1e-4);
  expect.is_true("it moves", moved.norm().item<double>() > 1.0);
  diffusion::ProjectedGuidance again;
  expect.near("without a difference", again(cond, cond, 5.0), cond, 0.0);
  const at::Tensor d = (cond - uncond).to(at::kDouble);
  const at::Tensor unit = cond.to(at::kDouble) / cond.to(at::kDouble).norm(2, {1}, true);
  const at::Tensor limit = (2.5 / d.norm(2, {1}, true)).clamp_max(1.0);
  const at::Tensor expected = 4.0 * (d * limit - (d * limit * unit).sum(1, true) * unit);
  expect.near("the step", moved, expected, 1e-4);
}

// Two estimates of unit length at an angle of 0.1: guidance turns the conditional one away by
// weight · 0.1.
void check_angle_guidance(Expect& expect, Workshop&) {
  constexpr double kAngle = 0.1;
  constexpr double kScale = 3.0;
  constexpr double kTurn = kAngle * (kScale - 1.0 + 1e-3);
  constexpr double kLevel = 0.5;
  at::Tensor clean_uncond = at::zeros({1, 4, 64});
  at::Tensor clean_cond = at::zeros({1, 4, 64});
  clean_uncond.select(2, 0).fill_(1.0);
  clean_cond.select(2, 0).fill_(std::cos(kAngle));
  clean_cond.select(2, 1).fill_(std::sin(kAngle));
  const at::Tensor x = random_tensor({1, 4, 64}, 25);
  const auto velocity = [&](const at::Tensor& clean) { return (x - clean) / kLevel; };
  const at::Tensor guided =
      diffusion::angle_guidance(x, velocity(clean_cond), velocity(clean_uncond), kLevel, kScale);
  const at::Tensor clean = (x - guided * kLevel).to(at::kDouble);
  // cos(turn)·cond plus the perpendicular part, of length sin(angle), scaled to sin(turn).
  const double along = std::cos(kTurn) * std::cos(kAngle);
  const double across = std::cos(kTurn) * std::sin(kAngle) + std::sin(kTurn);
  expect.near("along the unconditional estimate", clean[0][2][0].item<double>(), along, 1e-4);
  expect.near("across it", clean[0][2][1].item<double>(), across, 1e-4);
}

// On a straight path from noise to a song every solver step is exact.
void check_solver(Expect& expect, Workshop&) {
  const at::Tensor song = random_tensor({1, 10, 64}, 26);
  const at::Tensor noise = random_tensor({1, 10, 64}, 27);
  const at::Tensor velocity = noise - song;
  const at::Tensor x = diffusion::add_noise(song, noise, 0.8);
  expect.near("the clean estimate", diffusion::clean_estimate(x, velocity, 0.8F), song, 1e-5);
  expect.near("a step", diffusion::follow(x, velocity, 0.8F, 0.3F),
              diffusion::add_noise(song, noise, 0.3), 1e-5);
  const at::Tensor limited = diffusion::limit_velocity(velocity * 100.0, x, 2.0);
  expect.near("a limited velocity's length", (limited.norm() / x.norm()).item<double>(), 2.0, 1e-4);
  expect.near("plain guidance", diffusion::plain_guidance(song, noise, 3.0),
              song * 3.0 - noise * 2.0, 1e-5);
}

}  // namespace

std::vector<Check> sampling_checks() {
  return {{"sampling.random_numbers", "noise of two seeds against the reference's",
           check_random_numbers},
          {"sampling.streams", "a song's noise is its own in any batch", check_streams},
          {"sampling.schedules", "noise levels against the reference's", check_schedules},
          {"sampling.wavelets", "filters are orthonormal", check_wavelets},
          {"sampling.wavelet_inverse", "bands put together again are the signal",
           check_wavelet_inverse},
          {"sampling.projected_guidance", "moves across the velocity, never along",
           check_projected_guidance},
          {"sampling.angle_guidance", "turns by the angle it should", check_angle_guidance},
          {"sampling.solver", "straight paths are followed exactly", check_solver}};
}

}  // namespace acestep::selftest
