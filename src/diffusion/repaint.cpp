#include "diffusion/repaint.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "util/error.h"

namespace acestep::diffusion {
namespace {

// The inner points of a straight line from `from` to `to`, both ends left out.
at::Tensor ramp(float from, float to, int64_t frames) {
  return at::linspace(from, to, frames + 2, at::TensorOptions().dtype(at::kFloat).device(at::kCPU))
      .slice(0, 1, frames + 1);
}

// row: [T] float32 on the CPU, changed in place.
void soften_row(const at::Tensor& row, int64_t crossfade_frames) {
  const at::Tensor inside = row.nonzero().squeeze(-1);
  const int64_t total = row.size(0);
  if (inside.size(0) == 0 || inside.size(0) == total) return;
  const int64_t first = inside[0].item<int64_t>();
  const int64_t end = inside[-1].item<int64_t>() + 1;
  const int64_t fade_start = std::max<int64_t>(first - crossfade_frames, 0);
  const int64_t fade_end = std::min(end + crossfade_frames, total);
  row.slice(0, fade_start, first).copy_(ramp(0.0F, 1.0F, first - fade_start));
  row.slice(0, end, fade_end).copy_(ramp(1.0F, 0.0F, fade_end - end));
}

}  // namespace

at::Tensor inject(const at::Tensor& state, const at::Tensor& clean, const at::Tensor& mask,
                  double t, const at::Tensor& noise) {
  ACE_CHECK(mask.scalar_type() == at::kBool);
  return at::where(mask.unsqueeze(-1), state, noise * t + clean * (1.0 - t));
}

at::Tensor soft_mask(const at::Tensor& mask, int64_t crossfade_frames) {
  ACE_CHECK(mask.dim() == 2 && mask.scalar_type() == at::kBool);
  if (crossfade_frames <= 0) return mask.to(at::kFloat);
  const at::Tensor soft = mask.to(at::kCPU, at::kFloat);
  for (int64_t song = 0; song < soft.size(0); ++song) soften_row(soft[song], crossfade_frames);
  return soft.to(mask.device());
}

at::Tensor blend(const at::Tensor& generated, const at::Tensor& clean, const at::Tensor& mask,
                 int64_t crossfade_frames) {
  const at::Tensor share = soft_mask(mask, crossfade_frames).unsqueeze(-1);
  return share * generated + (1.0 - share) * clean;
}

}  // namespace acestep::diffusion
