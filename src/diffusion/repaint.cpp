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

// row keeps what is higher.
void raise_to(const at::Tensor& row, const at::Tensor& values) {
  row.copy_(at::maximum(row, values));
}

// Ramps beside the part [first, end) of a row.
void soften_part(const at::Tensor& row, int64_t first, int64_t end, int64_t crossfade_frames) {
  const int64_t fade_start = std::max<int64_t>(first - crossfade_frames, 0);
  const int64_t fade_end = std::min(end + crossfade_frames, row.size(0));
  raise_to(row.slice(0, fade_start, first), ramp(0.0F, 1.0F, first - fade_start));
  raise_to(row.slice(0, end, fade_end), ramp(1.0F, 0.0F, fade_end - end));
}

// row: [T] float32 on the CPU, changed in place.
void soften_row(const at::Tensor& row, int64_t crossfade_frames) {
  const at::Tensor inside = row.gt(0.5);
  const bool* is_inside = inside.const_data_ptr<bool>();
  const int64_t total = row.size(0);
  for (int64_t first = 0; first < total; ++first) {
    if (!is_inside[first]) continue;
    int64_t end = first;
    while (end < total && is_inside[end]) ++end;
    soften_part(row, first, end, crossfade_frames);
    first = end;
  }
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
