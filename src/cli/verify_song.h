// Makes a song again from its record and tells whether it came out the same.
#pragma once

#include "cli/command.h"

namespace acestep::cli {

// `generate --verify FILE`. The record says what decides the song; options, environment and
// configuration where the models are, and win where they say more. Prints the verdict. Returns 0
// for the same sound and kRejected for another. Throws Error kInput without a record or the song,
// and what making a song throws.
int verify_song(const CommandCall& call);

}  // namespace acestep::cli
