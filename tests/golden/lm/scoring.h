// The parts of kind lm/scoring.
#pragma once

#include "golden/case.h"
#include "text/tokenizer.h"

namespace acestep::golden {

void check_alignments(const Case& the_case, const text::Tokenizer& tokenizer, Check& check);

}  // namespace acestep::golden
