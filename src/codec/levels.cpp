#include "codec/levels.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <vector>

#include "util/error.h"

namespace acestep::codec {

at::Tensor scale_latents(const at::Tensor& latents, const LatentScaling& scaling) {
  if (scaling.shift == 0.0 && scaling.rescale == 1.0) return latents;
  return latents.to(at::kFloat) * scaling.rescale + scaling.shift;
}

void limit_peaks(at::Tensor& audio) {
  ACE_CHECK(audio.dim() == 3 && audio.scalar_type() == at::kFloat);
  std::vector<float> peaks;
  for (int64_t item = 0; item < audio.size(0); ++item) {
    // Two extremes instead of abs(): no copy of the whole song.
    const auto [lowest, highest] = audio[item].aminmax();
    peaks.push_back(std::max(-lowest.item<float>(), highest.item<float>()));
  }
  for (int64_t item = 0; item < audio.size(0); ++item) {
    const float peak = peaks[static_cast<std::size_t>(item)];
    if (peak > 1.0F) audio[item].div_(peak);
  }
}

audio::Waveform to_waveform(const at::Tensor& audio, int64_t sample_rate_hz) {
  ACE_CHECK(audio.dim() == 2);
  audio::Waveform waveform(sample_rate_hz, audio.size(0), audio.size(1));
  at::from_blob(waveform.samples.data(), audio.sizes(), at::kFloat).copy_(audio);
  return waveform;
}

at::Tensor to_tensor(const audio::Waveform& waveform) {
  at::Tensor tensor = at::empty({waveform.channels, waveform.frames()},
                                at::TensorOptions().dtype(at::kFloat).device(at::kCPU));
  std::copy(waveform.samples.begin(), waveform.samples.end(), tensor.data_ptr<float>());
  return tensor;
}

}  // namespace acestep::codec
