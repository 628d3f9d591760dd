// How firmly a request's repaint holds on to its source.
#pragma once

#include "condition/repaint_strength.h"
#include "request/generation_request.h"

namespace acestep::pipeline {

// By mode and strength, then what the request says itself; the reference takes no notice of that.
inline condition::RepaintStrength repaint_strength(const request::GenerationRequest& request,
                                                   bool follows_reference) {
  condition::RepaintStrength strength =
      condition::resolve_repaint_strength(request.repaint_mode, request.repaint_strength);
  if (follows_reference) return strength;
  if (request.repaint_latent_crossfade_frames) {
    strength.latent_crossfade_frames = *request.repaint_latent_crossfade_frames;
  }
  if (request.repaint_wav_crossfade_sec) {
    strength.wave_crossfade_seconds = *request.repaint_wav_crossfade_sec;
  }
  return strength;
}

}  // namespace acestep::pipeline
