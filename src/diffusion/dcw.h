// Differential correction in the wavelet domain (CVPR 2026, arXiv 2604.16044): after each step the
// latents are pushed away from the clean estimate, each frequency band by its own amount.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>

namespace acestep::diffusion {

enum class DcwMode {
  kLow,     // low band by t·scaler
  kHigh,    // high band by (1 − t)·scaler
  kDouble,  // low band by t·scaler, high band by (1 − t)·high_scaler
  kPixel,   // the latents themselves by scaler, without a wavelet
};

// "low", "high", "double" or "pix". Throws Error kUsage for any other name.
DcwMode parse_dcw_mode(const std::string& name);

struct DcwOptions {
  bool is_enabled = true;
  DcwMode mode = DcwMode::kDouble;
  double scaler = 0.05;
  double high_scaler = 0.02;
  std::string wavelet = "haar";  // haar, db1 … db20, sym2 … sym20
};

class Dcw {
 public:
  // Throws Error kUsage for an unknown wavelet.
  explicit Dcw(const DcwOptions& options);

  // Whether correct() changes anything.
  bool is_active() const;
  // x, clean: [B, T, 64] float32, the latents after a step and the clean estimate of that step; t:
  // the level before the step.  Returns the corrected x.
  at::Tensor correct(const at::Tensor& x, const at::Tensor& clean, double t) const;

 private:
  DcwOptions options_;
  at::Tensor filters_;  // [2, 1, taps] float32: low-pass, high-pass
};

}  // namespace acestep::diffusion
