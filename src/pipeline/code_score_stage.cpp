#include "pipeline/code_score_stage.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "memory/oom_ladder.h"
#include "models/audio_codes.h"
#include "pipeline/memory_measures.h"
#include "text/python_text.h"

namespace acestep::pipeline {
namespace {

void add_unless_empty(text::Metadata& metadata, const char* key, const std::string& value) {
  if (!value.empty() && value != "unknown") metadata[key] = value;
}

// As the model writes them when it thinks: a metre is a number, a duration has no decimals.
text::Metadata metadata_of(const song::Composition& composition) {
  const song::Metadata& known = composition.metadata;
  text::Metadata metadata;
  if (known.bpm) metadata["bpm"] = *known.bpm;
  if (known.duration) metadata["duration"] = static_cast<int64_t>(*known.duration);
  add_unless_empty(metadata, "keyscale", known.keyscale);
  add_unless_empty(metadata, "language", composition.language);
  add_unless_empty(metadata, "timesignature", known.timesignature);
  if (const auto metre = text::parse_integer(known.timesignature)) {
    metadata["timesignature"] = *metre;
  }
  return metadata;
}

bool has_codes(const Batch& batch) {
  return std::any_of(batch.compositions.begin(), batch.compositions.end(),
                     [](const song::Composition& song) { return !song.audio_codes.empty(); });
}

}  // namespace

void CodeScoreStage::run(const std::vector<Batch>& batches, std::vector<Review>& reviews) const {
  const bool can_score =
      components.folders().uses_lm() && std::any_of(batches.begin(), batches.end(), has_codes);
  if (!can_score) return;
  context.observer.stage("score");
  memory::run_on_ladder(
      "score", [&] { finish_all(batches, reviews); },
      allowed(components, {[this] { return offload_idle_models(components); },
                           [this] { return compose_on_cpu(components); }}),
      context.observer);
}

void CodeScoreStage::finish_all(const std::vector<Batch>& batches,
                                std::vector<Review>& reviews) const {
  const auto loaded = components.language_model();
  std::size_t place = 0;
  for (const Batch& batch : batches) {
    for (const song::Composition& composition : batch.compositions) {
      Review& review = reviews.at(place++);
      if (composition.audio_codes.empty() || review.code_scores) continue;
      review.code_scores =
          lm::score_song(loaded->model, loaded->tokenizer,
                         {.audio_codes = models::print_audio_codes(composition.audio_codes),
                          .caption = composition.caption,
                          .lyrics = composition.lyrics,
                          .metadata = metadata_of(composition)},
                         options, [this](int64_t done, int64_t of) {
                           context.observer.step(done, of);
                           context.stop_here_if_asked();
                         });
    }
  }
}

}  // namespace acestep::pipeline
