#include "pipeline/condition_stage.h"

#include <algorithm>
#include <utility>

#include "condition/conditioner.h"
#include "condition/join.h"
#include "condition/latent_plan.h"
#include "memory/oom_ladder.h"
#include "pipeline/memory_measures.h"

namespace acestep::pipeline {

void ConditionStage::run(std::vector<song::Conditioning>& done, std::vector<EncodedText>& texts) {
  memory::run_on_ladder(
      "condition", [&] { finish_all(done, texts); },
      allowed(components_, {[&] { return offload_idle_models(components_); },
                            [&] { return condition_on_cpu(components_); }}),
      context_.observer);
}

// What was done before memory ran out stays done.
void ConditionStage::finish_all(std::vector<song::Conditioning>& done,
                                std::vector<EncodedText>& texts) {
  const auto text = components_.text_model();
  const auto dit = components_.dit_encoders();
  const condition::Conditioner conditioner(
      {.text_encoder = text->encoder,
       .condition_encoder = dit->condition,
       .tokenizer = dit->tokenizer,
       .detokenizer = dit->detokenizer,
       .silence = components_.silence(),
       .pad_id = text->tokenizer.pad_id(),
       .reference_frames = components_.dit_config().timbre_frames});
  song::StageContext context = context_;
  context.device = components_.condition_device();
  context.dtype = components_.precision().activations;
  while (done.size() < input_.batches.size()) {
    std::vector<EncodedText> of_batch;
    const auto songs = requests_of(done.size(), text->tokenizer, of_batch);
    done.push_back(condition::on_device(conditioner.run(songs, context), components_.device()));
    for (EncodedText& encoded : of_batch) texts.push_back(std::move(encoded));
  }
}

// Codes are a source of their own and come first.
std::vector<condition::ConditionRequest> ConditionStage::requests_of(
    std::size_t batch, const text::Tokenizer& tokenizer, std::vector<EncodedText>& texts) const {
  auto songs = condition_requests(
      {input_.request, input_.batches[batch], tokenizer, components_.dit_config()}, texts);
  for (std::size_t i = 0; i < songs.size(); ++i) {
    if (!input_.references.empty()) songs[i].reference = input_.references[batch][i];
    if (input_.sources.empty()) continue;
    songs[i].source = input_.sources[batch][i];
    const int64_t frames = std::max(condition::kFewestFrames, songs[i].source.size(0));
    songs[i].source_use = input_.source->use(input_.request, frames);
  }
  return songs;
}

}  // namespace acestep::pipeline
