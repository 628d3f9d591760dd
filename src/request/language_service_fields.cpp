#include "request/field_lists.h"

namespace acestep::request {

// What the language model does besides composing: words before it, and its result alone.
std::vector<Field> language_service_fields() {
  constexpr FieldGroup kGroup = FieldGroup::kLanguageModel;
  return {
      {.name = "sample_query",
       .group = kGroup,
       .member = &Settings::sample_query,
       .help =
           "a wish in a few words, from which it makes up caption, lyrics and what else is left "
           "open; text, @FILE or -",
       .aliases = {"description"},
       .default_note = "none",
       .takes_files = true},
      {.name = "sample_mode",
       .group = kGroup,
       .type = FieldType::kBool,
       .member = &Settings::sample_mode,
       .help = "the same without a wish: a song of its own choice"},
      {.name = "use_format",
       .group = kGroup,
       .type = FieldType::kBool,
       .member = &Settings::use_format,
       .help = "it rewrites caption and lyrics and fills in what is left open"},
      {.name = "use_cot_lyrics",
       .group = kGroup,
       .type = FieldType::kBool,
       .member = &Settings::use_cot_lyrics,
       .help = "it writes the lyrics to the caption, as lyrics = generate asks for, too"},
      {.name = "allow_fallback",
       .group = kGroup,
       .type = FieldType::kBool,
       .member = &Settings::allow_fallback,
       .help = "where use_cot_lyrics comes to nothing, make an instrumental instead of an error"},
      {.name = "keep_codes",
       .group = kGroup,
       .member = &Settings::keep_codes,
       .help = "write what it made of the request, codes and all, as a request that needs no "
               "language model; several songs: a .jsonl file for batch",
       .value_name = "FILE",
       .default_note = "none"},
      {.name = "lm_only",
       .group = kGroup,
       .type = FieldType::kBool,
       .member = &Settings::lm_only,
       .help = "stop there: no song; without keep_codes the request goes to standard output"},
  };
}

}  // namespace acestep::request
