// The language model judges the songs' audio codes by the words that they were made for.
#pragma once

#include <vector>

#include "pipeline/batches.h"
#include "pipeline/components.h"
#include "pipeline/review.h"
#include "song/stage_context.h"

namespace acestep::pipeline {

struct CodeScoreStage {
  Components& components;
  const song::StageContext& context;
  const lm::ScoreOptions& options;

  // Adds the scores of those songs that have audio codes and no such scores yet; nothing without a
  // language model. Where memory runs out: idle models leave the device, the language model works
  // on the processor; each is told.
  void run(const std::vector<Batch>& batches, std::vector<Review>& reviews) const;

 private:
  void finish_all(const std::vector<Batch>& batches, std::vector<Review>& reviews) const;
};

}  // namespace acestep::pipeline
