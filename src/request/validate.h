// Checks that a request makes sense before anything costly starts; nothing is moved into range.
#pragma once

#include "request/findings.h"
#include "request/layer.h"
#include "request/presets.h"

namespace acestep::request {

// Brings spellings to the one the models know: keys ("Am" -> "A minor"), metre ("4/4" -> "4"),
// choices in any case, "[inst]" -> "[Instrumental]", "N/A" and duration <= 0 -> left open.
// With compat reference texts stay as they are, as the reference leaves them.
void normalise(Gathered& gathered, Findings& findings);

// The part of it that concerns one field: a choice in any case becomes the choice, a duration <= 0
// is left open.
void normalise_field(Settings& settings, const Field& field);

// Ranges of every field, then rules between fields. Each problem names field, value and what is
// allowed. With compat reference only what cannot be computed at all is refused.
void validate(const Gathered& gathered, ModelFamily family, Findings& findings);

// The part of it that concerns single fields: choices and ranges.
void validate_fields(const Gathered& gathered, const std::vector<const Field*>& fields,
                     Findings& findings);

}  // namespace acestep::request
