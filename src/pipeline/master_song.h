// What is done to a decoded song before it is written.
#pragma once

#include <vector>

#include "audio/level.h"
#include "audio/waveform.h"
#include "request/generation_request.h"
#include "song/observer.h"

namespace acestep::pipeline {

struct Mastered {
  audio::Level level = {};  // of the finished song
  std::vector<song::Adjustment> adjustments = {};
};

// In this order: the end is trimmed, the peak normalised unless a loudness is asked for, the fades
// are drawn, and loudness and true peak are set last, so that they are those of what is written.
Mastered master_song(audio::Waveform& waveform, const request::GenerationRequest& request);

}  // namespace acestep::pipeline
