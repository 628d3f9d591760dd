// Runners of the kinds in set e2e.
#pragma once

#include "golden/case.h"

namespace acestep::golden {

// libtorch's generators against Python's, bit for bit.
void run_rng_check(const Case& the_case, Check& check);
// The calls that describe codes, make up songs and rewrite captions.
void run_lm_calls(const Case& the_case, Check& check);
// A request through the whole program, against the reference's song.
void run_song(const Case& the_case, Check& check);

}  // namespace acestep::golden
