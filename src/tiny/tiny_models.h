// A complete checkpoint folder of the published layout that fits in a few megabytes: its songs are
// noise, but every part of the program runs on it.
#pragma once

#include <cstdint>
#include <filesystem>

namespace acestep::tiny {

// Raised whenever the written files change, so that cached folders are made anew.
inline constexpr int kTinyVersion = 2;

// Writes acestep-v15-turbo, -base, -sft and -xl-turbo, acestep-5Hz-lm-0.6B, Qwen3-Embedding-0.6B
// and vae below `folder`, which must be absent or empty. The bytes depend on the seed only. Throws
// Error kOutput.
void write_tiny_models(const std::filesystem::path& folder, uint64_t seed);

}  // namespace acestep::tiny
