// A song that was made before, read back from its record and the latents beside it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "pipeline/engine.h"
#include "pipeline/record_reader.h"
#include "song/composition.h"
#include "song/conditioning.h"

namespace acestep::pipeline {

// What the language model made of the request, or the request itself. Throws Error kInput where the
// record leaves it out.
song::Composition recorded_composition(const FoundRecord& found);

// [T, 64] of NAME.latents.safetensors, as --save_latents writes it; absent without such a file.
// Throws Error kInput for a file that holds something else.
std::optional<at::Tensor> saved_latents(const FoundRecord& found);

// A song's own latents [T, 64] with silence in place of what was cropped: [1, frames, 64] float32
// on the CPU. silence: [1, S, 64]. Throws Error kInput where they are of another length than the
// request's songs.
at::Tensor whole_latents(const at::Tensor& own, const song::Conditioning& conditioning,
                         const at::Tensor& silence);

// A request for a review of the song: the record's own, which composes nothing anew. Throws Error
// kUsage for a song that was made from other audio, kInput for what is left out of the record.
nlohmann::json review_request(const FoundRecord& found);

}  // namespace acestep::pipeline
