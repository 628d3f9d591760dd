// What happens to a decoded song before it is written: peak level, fades, the splice of a repaint,
// and the checks that it is a sound at all.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "audio/waveform.h"

namespace acestep::audio {

// A waveform whose peak lies below this counts as silent (reference: audio_utils.py).
inline constexpr float kSilencePeak = 1e-6F;

// Largest absolute sample; 0 when empty. NaN samples are passed over.
float peak(const Waveform& waveform);

// Brings the peak to `target_db` (dB of full scale). A silent waveform is left alone.
void normalize_peak(Waveform& waveform, double target_db);

// Linear ramps at both ends, 0 for none; a ramp is cut to the length of the waveform. The fade in
// starts at 0, the fade out ends at 0.
struct Fades {
  int64_t in_frames = 0;
  int64_t out_frames = 0;
};
void apply_fades(Waveform& waveform, const Fades& fades);

// seconds · rate rounded to whole frames, halves to even (reference: inference.py).
int64_t frames_of(double seconds, int64_t sample_rate_hz);

// The part of a repainted song that is new.
struct RepaintSpan {
  double start_seconds = 0.0;
  double end_seconds = 0.0;
  double crossfade_seconds = 0.0;  // linear, within the preserved part on each side
};
// Puts the original sound back outside the span. Frames beyond the shorter of the two stay as
// painted. Both must have the same rate and number of channels.
void splice_original(Waveform& painted, const Waveform& original, const RepaintSpan& span);
// The same outside several spans; where their crossfades meet, the newer sound is louder.
void splice_original(Waveform& painted, const Waveform& original,
                     const std::vector<RepaintSpan>& spans);

// Throws Error kRejected naming `stage`, channel and time of the first NaN or infinite sample.
void require_finite(const Waveform& waveform, std::string_view stage);
// Throws Error kRejected naming `stage` when there is nothing but silence.
void require_audible(const Waveform& waveform, std::string_view stage);

}  // namespace acestep::audio
