// What a family of diffusion models does differently from what was asked: changed, and told.
#pragma once

#include "request/findings.h"
#include "request/layer.h"
#include "request/presets.h"

namespace acestep::request {

// Turbo models: guidance 1, own timesteps moved to the trained levels. Others: own timesteps end
// with 0. With compat reference nothing is touched.
void adjust_to_family(Gathered& gathered, ModelFamily family, Findings& findings);

// A flow edit takes plain Euler steps, without wavelet correction, angles or retakes. Told where
// somebody asked for them; nothing is touched with compat reference.
void adjust_to_flow_edit(Gathered& gathered, Findings& findings);

}  // namespace acestep::request
