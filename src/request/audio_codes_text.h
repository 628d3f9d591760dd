// Audio codes as people and other programs write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acestep::request {

// The codes in "<|audio_code_1|><|audio_code_2|>…", "1,2,…" or "[1, 2, …]". Absent: the text holds
// anything else, or a code beyond 63999 (the size of the codebook).
std::optional<std::vector<int64_t>> codes_in(std::string_view text);

// "<|audio_code_1|>…", as the models' prompts write them.
std::string to_audio_code_text(const std::vector<int64_t>& codes);

}  // namespace acestep::request
