// Reads what the language model wrote: metadata, audio codes, lyrics.
#pragma once

#include <string>
#include <string_view>

#include "text/compat.h"
#include "text/metadata.h"

namespace acestep::text {

struct LmOutput {
  Metadata metadata;        // only the known fields: bpm, caption, duration, genres, keyscale,
                            // language, timesignature; bpm and duration as integers where they are
  std::string audio_codes;  // all "<|audio_code_N|>" of the text, joined
};

// The metadata stands between the first <think> and </think>, or else before the first audio code,
// as "key: value" lines whose indented followers continue the value. kReference: YAML quotes stay
// in the values and any continued number becomes text (facts: quirk 16). kFixed: quoted values are
// unquoted, and fields of one line ignore what follows.
LmOutput parse_lm_output(std::string_view text, Compat compat = Compat::kFixed);

// The text behind the first </think> without its "# Lyric" heading and end of turn; empty without
// one.
std::string extract_lyrics(std::string_view text);

// A caption of several lines joined by single spaces.
std::string postprocess_caption(std::string_view caption);

}  // namespace acestep::text
