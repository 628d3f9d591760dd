// Words that the language model writes for a request before it composes.
#pragma once

#include <ATen/core/Generator.h>

#include <vector>

#include "pipeline/language_services.h"
#include "request/generation_request.h"
#include "song/stage_context.h"

namespace acestep::pipeline {

// The tasks that stand before composing, in their order, as far as they are known before any is
// done: what format-sample gets may be the words that another task writes.
std::vector<ServiceTask> planned_tasks(const request::GenerationRequest& request,
                                       text::Compat compat);

struct WordWriter {
  const lm::LanguageModel& model;
  const song::StageContext& context;
  text::Compat compat;
  const MemoryPolicy& policy;  // how long a song the model may choose, and what may be adapted
  std::vector<lm::ComposePass>& passes;

  // The request in which nothing is left to be written: sample_query, sample_mode, use_format and
  // use_cot_lyrics are done, in this order, and caption, lyrics and what was left open are filled
  // (reference: cli.py). Composed as it is, it gives the same song. All draw from `generator` in
  // turn. Throws what ask() throws; lyrics that do not come become an instrumental, told as an
  // adjustment, with allow_fallback or kReference where the policy may adapt.
  request::GenerationRequest write(request::GenerationRequest request,
                                   const at::Generator& generator) const;

 private:
  SongDescription answer(const request::GenerationRequest& request, const ServiceTask& task,
                         const at::Generator& generator) const;
  void write_sample(request::GenerationRequest& request, const at::Generator& generator) const;
  void rewrite(request::GenerationRequest& request, const at::Generator& generator) const;
  void write_lyrics(request::GenerationRequest& request, const at::Generator& generator) const;
};

}  // namespace acestep::pipeline
