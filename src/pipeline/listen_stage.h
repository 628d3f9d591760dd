// The DiT listens to its own songs: one more forward at the last noise level, and the attention of
// some heads tells where the lyrics are sung.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "alignment/attention_map.h"
#include "pipeline/batches.h"
#include "pipeline/components.h"
#include "pipeline/render_options.h"
#include "pipeline/review.h"
#include "request/generation_request.h"
#include "song/conditioning.h"
#include "song/stage_context.h"
#include "text/tokenizer.h"

namespace acestep::pipeline {

// Throws Error kUsage where `options` ask for what the DiT cannot do: its config.json names no
// heads. Loads nothing.
void require_ears(const Components& components, const ReviewOptions& options);

// Can it? Where it cannot, and only a score among others was asked of it, that is told as an
// adjustment, or Error kUsage where the policy allows none.
bool has_ears(const Components& components, song::Observer& observer);

struct ListenInput {
  const request::GenerationRequest& request;
  const std::vector<Batch>& batches;
  const std::vector<song::Conditioning>& conditions;  // one per batch
  const std::vector<EncodedText>& texts;              // prompt and lyrics of each song
  const std::vector<at::Tensor>& latents;             // per batch [B, T, 64], as decoded
  bool times_all_frames =
      false;  // a song is as long as its conditions (docs/PARITY.md, short songs)
};

// Not thread-safe.
class ListenStage {
 public:
  // All references must outlive the stage.
  ListenStage(Components& components, const ReviewOptions& options, const ListenInput& input,
              const song::StageContext& context);

  // Adds times and scores of their lyrics to the songs' reviews, one per song; nothing where
  // nothing is sung. Where memory runs out: idle models leave the device, the DiT's blocks stream;
  // each is told. Throws Error kMemory when nothing helps, kRejected for attention that is not
  // finite.
  void run(std::vector<Review>& reviews);

 private:
  struct Song;
  void finish_all(std::vector<Review>& reviews);
  std::vector<Song> songs() const;
  Song song_of(std::size_t batch, int64_t row, const std::vector<int64_t>& ids) const;
  void review(const Song& song, Review& review) const;
  alignment::HeadMaps hear(const Song& song, const memory::Lease<DiffusionModel>& model,
                           const models::CrossStates& cross, float level) const;

  Components& components_;
  const ReviewOptions& options_;
  const ListenInput& input_;
  const song::StageContext& context_;
  text::Tokenizer tokenizer_;  // of the lyrics
  std::size_t done_ = 0;       // songs
};

}  // namespace acestep::pipeline
