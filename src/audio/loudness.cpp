#include "audio/loudness.h"

#include <ebur128.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "util/error.h"

namespace acestep::audio {
namespace {

constexpr double kDbPerDecade = 20.0;

// libebur128 at work on one waveform.
class Meter {
 public:
  Meter(const Waveform& waveform, int mode)
      : waveform_(waveform),
        state_(ebur128_init(static_cast<unsigned>(waveform.channels),
                            static_cast<unsigned long>(waveform.sample_rate_hz), mode)) {
    // It refuses what no Waveform has: no channels, a rate below 16 Hz.
    ACE_CHECK(state_ != nullptr);
  }

  // The next frames, at most as many as are left.
  void hear(int64_t frames) {
    const int64_t count = std::min(frames, waveform_.frames() - heard_);
    interleaved_.clear();
    for (int64_t i = heard_; i < heard_ + count; ++i) {
      for (int64_t c = 0; c < waveform_.channels; ++c) {
        interleaved_.push_back(waveform_.channel(c)[static_cast<std::size_t>(i)]);
      }
    }
    heard_ += count;
    ACE_CHECK(ebur128_add_frames_float(state_.get(), interleaved_.data(),
                                       static_cast<std::size_t>(count)) == EBUR128_SUCCESS);
  }
  void hear_all() {
    while (heard_ < waveform_.frames()) hear(block_frames());
  }

  int64_t block_frames() const {
    return std::max<int64_t>(1, waveform_.sample_rate_hz / kMomentaryPerSecond);
  }
  ebur128_state* state() { return state_.get(); }

 private:
  struct Closer {
    void operator()(ebur128_state* state) const { ebur128_destroy(&state); }
  };

  const Waveform& waveform_;
  std::unique_ptr<ebur128_state, Closer> state_;
  std::vector<float> interleaved_;
  int64_t heard_ = 0;
};

}  // namespace

double integrated_lufs(const Waveform& waveform) {
  Meter meter(waveform, EBUR128_MODE_I);
  meter.hear_all();
  double lufs = 0.0;
  ACE_CHECK(ebur128_loudness_global(meter.state(), &lufs) == EBUR128_SUCCESS);
  return lufs;
}

std::vector<double> momentary_lufs(const Waveform& waveform) {
  Meter meter(waveform, EBUR128_MODE_M);
  const int64_t blocks = waveform.frames() / meter.block_frames();
  std::vector<double> values(static_cast<std::size_t>(blocks));
  for (double& lufs : values) {
    meter.hear(meter.block_frames());
    ACE_CHECK(ebur128_loudness_momentary(meter.state(), &lufs) == EBUR128_SUCCESS);
  }
  return values;
}

double true_peak_db(const Waveform& waveform) {
  Meter meter(waveform, EBUR128_MODE_TRUE_PEAK);
  meter.hear_all();
  double highest = 0.0;
  for (int64_t c = 0; c < waveform.channels; ++c) {
    double peak = 0.0;
    ACE_CHECK(ebur128_true_peak(meter.state(), static_cast<unsigned>(c), &peak) == EBUR128_SUCCESS);
    highest = std::max(highest, peak);
  }
  return kDbPerDecade * std::log10(highest);
}

}  // namespace acestep::audio
