// Metadata that the user fixed, on its way into the grammar.
#pragma once

#include "lm/metadata_field.h"
#include "text/metadata.h"

namespace acestep::lm {

// The texts that the grammar writes; nulls and unknown keys are left out.
GivenValues given_values(const text::Metadata& given);

text::Metadata without_nulls(const text::Metadata& metadata);

// Throws Error kUsage naming field, value and allowed range for a bpm outside 30 … 300, a duration
// outside 10 … 600 seconds, or an unknown keyscale, timesignature or language.
void check_given(const text::Metadata& given);

}  // namespace acestep::lm
