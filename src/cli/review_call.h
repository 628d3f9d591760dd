// What `lrc` and `score` have in common: a finished song is prepared, its models are loaded, and it
// is listened to.
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "audio/waveform.h"
#include "cli/command.h"
#include "cli/prepare.h"
#include "pipeline/review.h"
#include "song/composition.h"

namespace acestep::cli {

struct ReviewedSong {
  std::filesystem::path file;       // that was named
  std::filesystem::path song_file;  // beside which texts are written
  song::Composition composition;
  Prepared prepared;
  // [T, 64] of NAME.latents.safetensors, or the sound itself where lyrics are given; neither: there
  // is nothing to listen to.
  std::optional<at::Tensor> latents = {};
  std::optional<audio::Waveform> sound = {};
};

enum class NeedsLanguageModel { kNo, kYes };

// The song that the command names, with the request of its record. Throws Error kInput for a file
// that is no song of ours, and what prepare() throws.
ReviewedSong prepare_review(const CommandCall& call, NeedsLanguageModel language_model);

// The same for a sound of any origin whose lyrics the command is given. Throws Error kInput for a
// file that cannot be read or is shorter or longer than a song can be.
ReviewedSong prepare_sound_review(const CommandCall& call);

// Throws Error.
pipeline::Review review_song(const ReviewedSong& song, const pipeline::ReviewOptions& options,
                             const CommandCall& call);

// Names of the fields that both commands take.
std::vector<std::string> review_field_names();

}  // namespace acestep::cli
