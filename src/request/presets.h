// Values that depend on the kind of diffusion model, and the reference's own defaults.
#pragma once

#include <string>
#include <string_view>

#include "request/findings.h"
#include "request/layer.h"

namespace acestep::request {

enum class ModelFamily { kTurbo, kTurboShift1, kSft, kBase };

// By the words of the model's name: acestep-v15-turbo, -xl-turbo, -turbo-shift3 and
// -turbo-continuous are turbo; what is neither turbo nor sft counts as base.
ModelFamily family_of(std::string_view model_name);

// Distilled: few steps, no guidance.
bool is_turbo(ModelFamily family);

// "turbo", "turbo-shift1", "sft", "base".
std::string_view name_of(ModelFamily family);

// Fills steps, shift, guidance and (with compat reference) batch_size where nobody gave them; their
// sources become "preset:<family>" or "preset:reference", which also limits the steps of turbo
// models.
void apply_preset(Gathered& gathered, ModelFamily family, Findings& findings);

// Turns seed, seeds and use_random_seed into GenerationRequest::seeds (empty: drawn at random) and
// matches batch_size to them: outside compat reference the length of a list of seeds decides, with
// an adjustment when another batch_size was given.
void resolve_seed_fields(Gathered& gathered, Findings& findings);

}  // namespace acestep::request
