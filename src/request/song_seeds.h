// One seed for each song of a batch.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "request/generation_request.h"

namespace acestep::request {

// draw: a random seed 0 … 2^32-1, called once for each song whose seed is left open, in order. A
// single given seed S is followed by S+1, S+2, … unless seed_mode is random.
// Returns batch_size seeds.
std::vector<int64_t> song_seeds(const GenerationRequest& request,
                                const std::function<int64_t()>& draw);

// A whole number 0 … 2^32-1.
bool is_seed_text(const std::string& text);

}  // namespace acestep::request
