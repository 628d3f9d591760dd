#include "pipeline/language_services.h"

#include <ATen/ATen.h>

#include <optional>

#include "memory/oom_ladder.h"
#include "pipeline/compose.h"
#include "pipeline/memory_measures.h"
#include "text/lm_output.h"
#include "text/lm_prompt.h"
#include "text/python_text.h"
#include "util/error.h"
#include "util/quoted_text.h"

namespace acestep::pipeline {
namespace {

template <typename... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};
template <typename... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

std::string or_no_input(const std::string& text) {
  return text::is_blank(text) ? std::string(text::kNoUserInput) : text;
}

lm::Sample run(const lm::LanguageModel& model, const ServiceTask& task,
               const lm::SampleOptions& options, const at::Generator& generator,
               const lm::ComposeObserver& observer) {
  return std::visit(
      Overloaded{[&](const CodesToDescribe& given) {
                   return lm::understand(model, given.codes, options, generator, observer);
                 },
                 [&](const lm::Wish& wish) {
                   return lm::create_sample(model, wish, options, generator, observer);
                 },
                 [&](const lm::Draft& draft) {
                   return lm::format_sample(model, draft, options, generator, observer);
                 }},
      task);
}

// Has the model written words of its own? Lyrics may be the user's.
bool is_usable(const SongDescription& song, const lm::PassResult& pass) {
  return !text::is_blank(song.caption) || !text::extract_lyrics(pass.text).empty();
}

[[noreturn]] void reject(const ServiceTask& task) {
  throw Error(
      ErrorCode::kRejected,
      std::string(service_name(task)) + ": the language model wrote nothing that describes a song",
      "Try another seed or temperature, or leave constrained decoding on.");
}

[[noreturn]] void reject(const ServiceTask& task, const song::Adjustment& adjustment) {
  throw Error(ErrorCode::kRejected,
              std::string(service_name(task)) + ": " + adjustment.field + " = " +
                  util::in_quotes(adjustment.from) + ": " + adjustment.why,
              "Without --strict it is left open.");
}

}  // namespace

const char* service_name(const ServiceTask& task) {
  constexpr const char* kNames[] = {"understand", "create-sample", "format-sample"};
  return kNames[task.index()];
}

std::string service_prompt(const ServiceTask& task) {
  return std::visit(
      Overloaded{[](const CodesToDescribe& given) { return text::understand_prompt(given.codes); },
                 [](const lm::Wish& wish) {
                   return text::inspire_prompt(
                       or_no_input(wish.query),
                       wish.is_instrumental ? text::Vocals::kInstrumental : text::Vocals::kSung);
                 },
                 [](const lm::Draft& draft) {
                   const bool is_sung = !text::is_blank(draft.lyrics);
                   return text::format_prompt(or_no_input(draft.caption),
                                              is_sung ? draft.lyrics : "[Instrumental]");
                 }},
      task);
}

ServiceOptions service_options(const request::GenerationRequest& request, text::Compat compat,
                               const MemoryPolicy& policy) {
  const lm::ComposeRequest compose = compose_request(request, compat, policy.lm_max_seconds);
  ServiceOptions options{.model = {.sampling = compose.sampling,
                                   .use_constrained_decoding = request.use_constrained_decoding,
                                   .limits = compose.limits,
                                   .compat = compat},
                         .may_adapt = policy.may_adapt};
  if (compat == text::Compat::kReference) {
    // Its command line hands temperature, top-k and top-p on, and nothing else.
    options.model.sampling.repetition_penalty = 1.0;
    options.model.use_constrained_decoding = true;
  }
  return options;
}

ServiceAnswer ask(const lm::LanguageModel& model, const ServiceTask& task,
                  const ServiceOptions& options, const at::Generator& generator,
                  const song::StageContext& context) {
  context.observer.stage(service_name(task));
  lm::Sample sample = run(model, task, options.model, generator, tell_tokens(context));
  std::optional<SongDescription> song = to_description(sample.metadata);
  if (!song) reject(task);
  if (options.model.compat == text::Compat::kFixed) {
    if (!is_usable(*song, sample.pass.result)) reject(task);
    for (const song::Adjustment& adjustment : leave_out_unusable(*song)) {
      if (!options.may_adapt) reject(task, adjustment);
      context.observer.adjustment(adjustment);
    }
  }
  return {std::move(*song), std::move(sample.pass)};
}

ServiceAnswer serve(Components& components, const ServiceRequest& request,
                    const song::StageContext& context) {
  c10::InferenceMode no_gradients;
  std::optional<ServiceAnswer> answer;
  memory::run_on_ladder(
      service_name(request.task),
      [&] {
        const auto loaded = components.language_model();
        lm::EagerDecoder decoder(loaded->model);
        answer = ask({decoder, loaded->tables}, request.task, request.options,
                     request.generator.clone(), context);
      },
      allowed(components, {[&] { return offload_idle_models(components); },
                           [&] { return compose_on_cpu(components); }}),
      context.observer);
  return std::move(*answer);
}

}  // namespace acestep::pipeline
