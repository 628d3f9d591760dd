#include "pipeline/prompts.h"

#include <optional>

#include "lm/composer.h"
#include "pipeline/compose.h"
#include "pipeline/render_options.h"
#include "pipeline/words.h"
#include "text/task.h"

namespace acestep::pipeline {

Prompts planned_prompts(const request::GenerationRequest& request, const PromptOptions& options) {
  Prompts prompts;
  const song::Composition song = as_asked(request);
  bool has_codes = !song.audio_codes.empty();
  if (options.has_language_model && request.wants_language_model()) {
    const auto compat = options.follows_reference ? text::Compat::kReference : text::Compat::kFixed;
    // How long a song the model may choose stands in no prompt.
    const lm::ComposeRequest asked =
        compose_request(request, compat, MemoryPolicy{}.lm_max_seconds);
    has_codes = has_codes || asked.goal == lm::ComposeGoal::kMetadataAndCodes;
    const std::vector<ServiceTask> tasks = planned_tasks(request, compat);
    if (!tasks.empty()) {
      prompts.lm = service_prompt(tasks.front());
    } else if (const std::optional<lm::PassRequest> pass = lm::first_pass(asked)) {
      prompts.lm = pass->prompt;
      prompts.lm_unconditional = pass->unconditional_prompt;
    }
  }
  const text::DitPrompt prompt = dit_prompt_of(song, instruction_of(request, has_codes));
  prompts.text = prompt.text;
  prompts.lyrics = prompt.lyrics;
  return prompts;
}

}  // namespace acestep::pipeline
