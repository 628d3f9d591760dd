// The language model's stage: fills what the request left open, and writes the audio codes.
#pragma once

#include <ATen/core/Generator.h>

#include <vector>

#include "lm/composer.h"
#include "pipeline/batches.h"
#include "pipeline/components.h"
#include "request/generation_request.h"
#include "song/composition.h"
#include "song/stage_context.h"
#include "text/compat.h"

namespace acestep::pipeline {

// Does the language model write the song's audio codes?
bool wants_codes(const request::GenerationRequest& request, text::Compat compat);

// What the language model is asked for; max_seconds: the longest song it may choose.
lm::ComposeRequest compose_request(const request::GenerationRequest& request, text::Compat compat,
                                   int max_seconds);

// Tells the context's observer of every token, and stops where it is asked to.
lm::ComposeObserver tell_tokens(const song::StageContext& context);

// The song as the user described it.
song::Composition as_asked(const request::GenerationRequest& request);

struct ComposeStage {
  Components& components;
  const song::StageContext& context;
  // The reference's one generator; undefined: every song has its own from its seed.
  at::Generator global;

  // Fills the compositions of all batches that have none yet, without the language model where the
  // request does not want it or there is none; it is leased once for all. Where it writes words
  // first, the batches' requests hold them. Adds its passes to `passes`. Throws what lm::compose
  // and WordWriter throw; batches before the failing one are then filled.
  void run(const request::GenerationRequest& request, std::vector<Batch>& batches,
           std::vector<lm::ComposePass>& passes) const;
};

}  // namespace acestep::pipeline
