// What the language model can do besides composing: describe audio codes, make up a song from a
// wish, rewrite caption and lyrics.
#pragma once

#include <ATen/core/Generator.h>

#include <string>
#include <variant>
#include <vector>

#include "lm/sample_flows.h"
#include "pipeline/components.h"
#include "pipeline/song_description.h"
#include "request/generation_request.h"
#include "song/stage_context.h"
#include "text/compat.h"

namespace acestep::pipeline {

struct CodesToDescribe {
  std::string codes;  // "<|audio_code_N|>…", or NO USER INPUT for a song of the model's choice
};
using ServiceTask = std::variant<CodesToDescribe, lm::Wish, lm::Draft>;

// "understand", "create-sample", "format-sample": the stage's name for observers, and the command.
const char* service_name(const ServiceTask& task);
// What the model is told.
std::string service_prompt(const ServiceTask& task);

struct ServiceOptions {
  lm::SampleOptions model;
  bool may_adapt = true;  // false with --strict: nothing is left out
};

// The sampling of `request` for a service: no guidance, and with kReference what its command line
// hands on. policy: how long a song the model may choose, and whether anything may be adapted.
ServiceOptions service_options(const request::GenerationRequest& request, text::Compat compat,
                               const MemoryPolicy& policy);

struct ServiceAnswer {
  SongDescription song;
  lm::ComposePass pass;
};

// Asks a model that is there. With kFixed values that no song can have are left open and told as
// adjustments. Throws Error kRejected when the model writes nothing that describes a song, or such
// a value and nothing may be adapted.
ServiceAnswer ask(const lm::LanguageModel& model, const ServiceTask& task,
                  const ServiceOptions& options, const at::Generator& generator,
                  const song::StageContext& context);

struct ServiceRequest {
  ServiceTask task;
  ServiceOptions options;
  at::Generator generator;
};

// The same with the model leased for it, on the processor where the device has no room for it.
ServiceAnswer serve(Components& components, const ServiceRequest& request,
                    const song::StageContext& context);

}  // namespace acestep::pipeline
