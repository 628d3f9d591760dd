// Words, sources and references become what the DiT is told.
#pragma once

#include <vector>

#include "pipeline/batches.h"
#include "pipeline/components.h"
#include "pipeline/render_options.h"
#include "pipeline/source_latents.h"
#include "request/generation_request.h"
#include "song/conditioning.h"
#include "song/stage_context.h"

namespace acestep::pipeline {

struct ConditionInput {
  const request::GenerationRequest& request;
  const std::vector<Batch>& batches;
  const TaskSource* source = nullptr;  // with `sources`
  const SongLatents& sources;          // empty: nothing is heard
  const SongLatents& references;       // empty: the timbre of silence
};

// Not thread-safe.
class ConditionStage {
 public:
  // All references must outlive the stage.
  ConditionStage(Components& components, const ConditionInput& input,
                 const song::StageContext& context)
      : components_(components), input_(input), context_(context) {}

  // Appends to `done` one per batch that has none yet, on the device, and the texts that were
  // encoded to `texts`. Where memory runs out: idle models leave the device, then the processor
  // encodes; each is told. Throws Error kMemory when nothing helps.
  void run(std::vector<song::Conditioning>& done, std::vector<EncodedText>& texts);

 private:
  void finish_all(std::vector<song::Conditioning>& done, std::vector<EncodedText>& texts);
  std::vector<condition::ConditionRequest> requests_of(std::size_t batch,
                                                       const text::Tokenizer& tokenizer,
                                                       std::vector<EncodedText>& texts) const;

  Components& components_;
  const ConditionInput& input_;
  const song::StageContext& context_;
};

}  // namespace acestep::pipeline
