// The texts that a request becomes, known before any model is loaded.
#pragma once

#include <string>

#include "request/generation_request.h"

namespace acestep::pipeline {

struct Prompts {
  // For the text encoder. What the language model fills in stands as the request leaves it.
  std::string text;
  std::string lyrics;
  // Of the language model's first pass; empty when it is not asked.
  std::string lm;
  std::string lm_unconditional;  // empty without guidance
};

struct PromptOptions {
  bool has_language_model = true;
  bool follows_reference = false;
};

// Throws Error kUsage for audio codes that cannot be read.
Prompts planned_prompts(const request::GenerationRequest& request, const PromptOptions& options);

}  // namespace acestep::pipeline
