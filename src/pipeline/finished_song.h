// A song that was made before, read back from its record and the latents beside it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "pipeline/engine.h"
#include "pipeline/record_reader.h"
#include "song/composition.h"

namespace acestep::pipeline {

// What the language model made of the request, or the request itself. Throws Error kInput where the
// record leaves it out.
song::Composition recorded_composition(const FoundRecord& found);

// [T, 64] of NAME.latents.safetensors, as --save_latents writes it; absent without such a file.
// Throws Error kInput for a file that holds something else.
std::optional<at::Tensor> saved_latents(const FoundRecord& found);

// The file that saved_latents() reads.
std::filesystem::path latents_file(const FoundRecord& found);

// A request for a review of the song: the record's own, which composes nothing anew. Throws Error
// kUsage for a song that was made from other audio, kInput for what is left out of the record.
nlohmann::json review_request(const FoundRecord& found);

}  // namespace acestep::pipeline
