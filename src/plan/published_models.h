// The published models' dimensions and tensors, for plans made before their files are there.
#pragma once

#include <optional>

#include "plan/song_models.h"
#include "plan/tier.h"
#include "plan/transformer.h"

namespace acestep::plan {

DitFacts published_dit(const DitKind& kind);
QwenFacts published_text_encoder();
QwenFacts published_language_model(LmSize size);
VaeFacts published_vae();

SongModels published_models(const DitKind& kind, const std::optional<LmSize>& language_model);

}  // namespace acestep::plan
