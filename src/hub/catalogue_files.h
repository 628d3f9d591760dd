// The files of the main set with their sizes and digests (see catalogue.h for where these are
// from).
#pragma once

#include <span>

#include "hub/catalogue.h"

namespace acestep::hub::known_files {

std::span<const KnownFile> turbo();
std::span<const KnownFile> vae();
std::span<const KnownFile> text_encoder();
std::span<const KnownFile> lm_1_7b();

}  // namespace acestep::hub::known_files
