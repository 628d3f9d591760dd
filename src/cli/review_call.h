// What `lrc` and `score` have in common: a finished song is prepared, its models are loaded, and it
// is listened to.
#pragma once

#include <optional>

#include "audio/waveform.h"
#include "cli/command.h"
#include "cli/prepare.h"
#include "pipeline/record_reader.h"
#include "pipeline/review.h"

namespace acestep::cli {

struct ReviewedSong {
  pipeline::FoundRecord found;  // of a sound with given lyrics: what its record would say
  Prepared prepared;
  std::optional<audio::Waveform> sound = {};  // with given lyrics
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
