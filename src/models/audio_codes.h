// Audio codes as text: "<|audio_code_123|><|audio_code_45|>".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace acestep::models {

// The numbers of all `<|audio_code_N|>` in `text`, in order; everything else is passed over. A
// number beyond the 64-bit range becomes the largest int64.
std::vector<int64_t> parse_audio_codes(std::string_view text);

// Every code moved into 0 … codebook_entries - 1. codebook_entries > 0.
std::vector<int64_t> clamp_audio_codes(std::vector<int64_t> codes, int64_t codebook_entries);

// "<|audio_code_N|>" of every code, joined.
std::string print_audio_codes(const std::vector<int64_t>& codes);

}  // namespace acestep::models
