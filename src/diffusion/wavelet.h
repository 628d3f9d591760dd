// Orthogonal wavelets by name: their filters are computed, not listed.
#pragma once

#include <string>
#include <vector>

namespace acestep::diffusion {

// The low-pass synthesis filter of "haar", "db1" … "db20" or "sym2" … "sym20", in the order of
// PyWavelets' rec_lo, accurate to 1e-10. Throws Error kUsage for any other name.
std::vector<double> synthesis_low_pass(const std::string& wavelet);

// The high-pass filter that belongs to it: every other sign of the reversed low-pass.
std::vector<double> synthesis_high_pass(const std::vector<double>& low_pass);

}  // namespace acestep::diffusion
