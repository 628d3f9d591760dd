// Rehearses what the stages hand on, and the transformers that several of them use.
#pragma once

#include <cstdint>
#include <vector>

#include "plan/layer_memory.h"
#include "plan/memory_estimate.h"

namespace acestep::plan {

// Rows of the packed conditions: lyrics, one timbre, text.
inline int64_t condition_rows(const SongShape& song) {
  return song.lyric_tokens + 1 + song.text_tokens;
}

// A flow edit's song under the words that describe its source.
inline SongShape described_source(SongShape song) {
  song.text_tokens = song.source_text_tokens;
  song.lyric_tokens = song.source_lyric_tokens;
  song.leaves_cover = false;
  return song;
}

// How a model computes: asked for, or as its weights are stored.
LinearForm form_of(const WeightTensors& tensors, LinearForm asked);

// What `songs` songs hand on from stage to stage.
std::vector<Tensor> conditions_of(const Rehearsal& run, const DitFacts& dit, const SongShape& song,
                                  int64_t songs);
Tensor latents_of(const Rehearsal& run, const DitFacts& dit, const SongShape& song, int64_t songs);

// models::OobleckDecoder of one tile, and the check of its samples.
void decode_tile(const Rehearsal& run, const VaeFacts& vae, int64_t frames);

// models::EncoderStack: the given states stay alive beside it -> [B, T, hidden].
struct StackSizes {
  int64_t batch = 1;
  int64_t length = 1;
  int64_t layers = 1;
  bool is_masked = false;
};
Tensor encoder_stack(const Rehearsal& run, const DitFacts& dit, const StackSizes& sizes);

// Tokens that a Qwen3 reads at once.
struct QwenSizes {
  int64_t batch = 1;
  int64_t tokens = 1;
  int64_t seen = 0;        // columns of a cache before them
  bool has_cache = false;  // whose rotary table is rounded already
  bool has_bias = false;
};
// models::Qwen3 from embeddings, which stay alive, to the final norm -> [B, T, hidden].
Tensor qwen_layers(const Rehearsal& run, const QwenFacts& qwen, const QwenSizes& sizes);
// -> [B, T, hidden].
Tensor qwen_embedding(const Rehearsal& run, const QwenFacts& qwen, int64_t tokens);

}  // namespace acestep::plan
