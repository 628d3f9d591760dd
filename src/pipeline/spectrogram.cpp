#include "pipeline/spectrogram.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "codec/levels.h"

namespace acestep::pipeline {
namespace {

constexpr int64_t kWindowFrames = 4096;
constexpr int64_t kWindowsPerColumn = 4;
constexpr int64_t kLeastHop = 256;
constexpr double kLowestHz = 40.0;
constexpr double kHighestHz = 20000.0;
constexpr double kQuietest = 1e-8;  // -80 dB as a ratio of powers

// -> [bins, kPlotColumns]
at::Tensor power_by_column(const at::Tensor& mono) {
  const int64_t hop = std::max(kLeastHop, mono.size(0) / (audio::kPlotColumns * kWindowsPerColumn));
  const at::Tensor padded = at::constant_pad_nd(mono, {kWindowFrames / 2, kWindowFrames / 2});
  const at::Tensor windows = padded.unfold(0, kWindowFrames, hop) * at::hann_window(kWindowFrames);
  const at::Tensor power = at::fft_rfft(windows).abs().square().t().contiguous();
  return at::adaptive_avg_pool1d(power.unsqueeze(0), audio::kPlotColumns).squeeze(0);
}

}  // namespace

audio::Spectrogram spectrogram_of(const audio::Waveform& waveform) {
  const auto rate_hz = static_cast<double>(waveform.sample_rate_hz);
  audio::Spectrogram result{.columns = audio::kPlotColumns,
                            .bands = audio::kPlotBands,
                            .lowest_hz = kLowestHz,
                            .highest_hz = std::min(kHighestHz, rate_hz / 2)};
  const at::Tensor power = power_by_column(codec::to_tensor(waveform).mean(0));
  const auto bin_of = [&](int64_t edge) {
    const double share = static_cast<double>(edge) / static_cast<double>(result.bands);
    const double hz = result.lowest_hz * std::pow(result.highest_hz / result.lowest_hz, share);
    return static_cast<int64_t>(hz * kWindowFrames / rate_hz);
  };
  std::vector<at::Tensor> bands;
  for (int64_t band = 0; band < result.bands; ++band) {
    // Low bands are narrower than a bin.
    const int64_t first = bin_of(band);
    const int64_t last = std::max(first, bin_of(band + 1) - 1);
    bands.push_back(power.narrow(0, first, last - first + 1).mean(0));
  }
  const at::Tensor by_band = at::stack(bands, 1);  // [columns, bands]
  const at::Tensor loudest = by_band.max().clamp_min(1e-30);
  const at::Tensor db = ((by_band / loudest).clamp_min(kQuietest).log10() * 10).contiguous();
  const float* values = db.const_data_ptr<float>();
  result.db.assign(values, values + db.numel());
  return result;
}

}  // namespace acestep::pipeline
