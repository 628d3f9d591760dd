#include "diffusion/dcw.h"

#include <ATen/ATen.h>

#include <vector>

#include "diffusion/wavelet.h"
#include "util/error.h"

namespace acestep::diffusion {
namespace {

at::Tensor make_filters(const std::string& wavelet) {
  const std::vector<double> low = synthesis_low_pass(wavelet);
  const std::vector<double> high = synthesis_high_pass(low);
  const auto taps = static_cast<int64_t>(low.size());
  const auto row = [taps](const std::vector<double>& filter) {
    const auto options = at::TensorOptions(at::kDouble).device(at::kCPU);
    return at::from_blob(const_cast<double*>(filter.data()), {1, 1, taps}, options);
  };
  return at::cat({row(low), row(high)}, 0).to(at::kFloat);
}

// One level of the wavelet transform along time, each band weighted, and back. Outside the signal
// lie zeros; an odd number of frames is followed by one more zero. The transform is orthogonal, so
// one pair of filters serves both ways.
at::Tensor weigh_bands(const at::Tensor& x, const at::Tensor& filters, double low, double high) {
  const int64_t songs = x.size(0);
  const int64_t frames = x.size(1);
  const int64_t channels = x.size(2);
  const int64_t padding = filters.size(2) - 2;
  at::Tensor signal = x.transpose(1, 2).reshape({songs * channels, 1, frames});
  if (frames % 2 != 0) signal = at::constant_pad_nd(signal, {0, 1});
  const at::Tensor bands = at::conv1d(signal, filters, {}, /*stride=*/2, /*padding=*/padding);
  const at::Tensor weights =
      at::stack({at::full({}, low, x.options()), at::full({}, high, x.options())});
  const at::Tensor weighted = bands * weights.view({1, 2, 1});
  const at::Tensor back = at::conv_transpose1d(weighted, filters, {}, /*stride=*/2, padding);
  return back.slice(2, 0, frames).view({songs, channels, frames}).transpose(1, 2);
}

}  // namespace

DcwMode parse_dcw_mode(const std::string& name) {
  if (name == "low") return DcwMode::kLow;
  if (name == "high") return DcwMode::kHigh;
  if (name == "double") return DcwMode::kDouble;
  if (name == "pix") return DcwMode::kPixel;
  throw Error(ErrorCode::kUsage, "dcw_mode is '" + name + "', expected low, high, double or pix",
              "use --dcw_mode double, the default");
}

Dcw::Dcw(const DcwOptions& options) : options_(options) {
  if (is_active() && options_.mode != DcwMode::kPixel) filters_ = make_filters(options_.wavelet);
}

bool Dcw::is_active() const {
  const bool uses_high_scaler = options_.mode == DcwMode::kDouble;
  return options_.is_enabled &&
         (options_.scaler != 0.0 || (uses_high_scaler && options_.high_scaler != 0.0));
}

// A band moves by λ(band of x − band of clean); the transform is linear and loses nothing, so that
// is x plus the weighted bands of the difference.
at::Tensor Dcw::correct(const at::Tensor& x, const at::Tensor& clean, double t) const {
  if (!is_active()) return x;
  const at::Tensor difference = x - clean;
  if (options_.mode == DcwMode::kPixel) return x + difference * options_.scaler;
  double low = t * options_.scaler;
  double high = (1.0 - t) * options_.scaler;
  if (options_.mode == DcwMode::kDouble) high = (1.0 - t) * options_.high_scaler;
  if (options_.mode == DcwMode::kLow) high = 0.0;
  if (options_.mode == DcwMode::kHigh) low = 0.0;
  return x + weigh_bands(difference, filters_.to(x.device()), low, high);
}

}  // namespace acestep::diffusion
