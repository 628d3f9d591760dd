// What of a request decides on the memory that its songs take, before any model is loaded.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "models/dit_config.h"
#include "plan/memory_estimate.h"
#include "request/generation_request.h"

namespace acestep::pipeline {

// How many tokens a text has.
using TokenCount = std::function<int64_t(const std::string&)>;

// No text has more tokens than bytes: the bound for plans that have no tokenizer at hand.
int64_t most_tokens(const std::string& text);

struct ShapeFacts {
  bool uses_language_model = false;
  int64_t songs_together = 1;
  bool follows_reference = false;       // all songs are one batch
  bool is_listened_to = false;          // ReviewOptions::listens()
  bool scores_codes = false;            // ReviewOptions::scores_codes()
  int lm_max_seconds = 240;             // as in MemoryPolicy
  int64_t source_samples = 0;           // of the song, where it is made from a source; 0: none
  bool encodes_source = false;          // its latents are not saved ones
  TokenCount count_text = most_tokens;  // with the text encoder's tokenizer
  TokenCount count_language_model = most_tokens;  // with the language model's
};

// Upper bounds where the language model decides: of the words that it writes, and of the length
// that it may choose.
plan::SongShape song_shape(const request::GenerationRequest& request,
                           const models::DitConfig& config, const ShapeFacts& facts);

}  // namespace acestep::pipeline
