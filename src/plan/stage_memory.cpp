#include "plan/stage_memory.h"

#include <algorithm>

namespace acestep::plan {
namespace {

// models::EncoderLayer; x stays alive beside it.
Tensor encoder_layer(const Rehearsal& run, const TransformerShape& shape, int64_t batch,
                     const Pattern& pattern) {
  const int64_t rows = batch * pattern.length();
  Tensor attended;
  {
    const Tensor normalised = rms_norm(run, rows, shape.hidden);
    const Tensor heard = attention_to_itself(run, shape, batch, pattern);
    attended = run.activations(rows * shape.hidden);
  }
  const Tensor normalised = rms_norm(run, rows, shape.hidden);
  const Tensor turned = swiglu(run, rows, shape);
  return run.activations(rows * shape.hidden);
}

// models::Qwen3Attention.
Tensor qwen_attention(const Rehearsal& run, const TransformerShape& shape, const QwenSizes& sizes) {
  const int64_t rows = sizes.batch * sizes.tokens;
  const int64_t width = shape.heads * shape.head_dim;
  const int64_t normalised = shape.heads + shape.kv_heads;
  const Tensor stacked =
      linear(run, rows, {shape.hidden, (normalised + shape.kv_heads) * shape.head_dim});
  const Tensor heads = rms_norm(run, rows * normalised, shape.head_dim);
  Tensor placed;
  {
    const bool rounds = !sizes.has_cache && run.numbers.activations != 4;
    const int64_t angles = rounds ? sizes.tokens * shape.head_dim : 0;
    const Tensor cos = run.activations(angles);
    const Tensor sin = run.activations(angles);
    placed = run.activations(rows * normalised * shape.head_dim);
  }
  const Tensor mixed = attend(run, shape,
                              {.batch = sizes.batch,
                               .queries = sizes.tokens,
                               .keys = sizes.seen + sizes.tokens,
                               .has_bias = sizes.has_bias});
  return linear(run, rows, {width, shape.hidden});
}

Tensor qwen_layer(const Rehearsal& run, const TransformerShape& shape, const QwenSizes& sizes) {
  const int64_t rows = sizes.batch * sizes.tokens;
  Tensor attended;
  {
    const Tensor normalised = rms_norm(run, rows, shape.hidden);
    const Tensor heard = qwen_attention(run, shape, sizes);
    attended = run.activations(rows * shape.hidden);
  }
  const Tensor normalised = rms_norm(run, rows, shape.hidden);
  Tensor turned;
  {
    const Tensor gate_and_up = linear(run, rows, {shape.hidden, 2 * shape.intermediate});
    const Tensor gate = run.activations(rows * shape.intermediate);
    turned = linear(run, rows, {shape.intermediate, shape.hidden});
  }
  return run.activations(rows * shape.hidden);
}

}  // namespace

LinearForm form_of(const WeightTensors& tensors, LinearForm asked) {
  const bool is_stored_whole =
      std::any_of(tensors.begin(), tensors.end(),
                  [](const WeightTensor& tensor) { return tensor.kind == WeightKind::kInt8; });
  return is_stored_whole && asked == LinearForm::kDense ? LinearForm::kInt8 : asked;
}

std::vector<Tensor> conditions_of(const Rehearsal& run, const DitFacts& dit, const SongShape& song,
                                  int64_t songs) {
  const int64_t rows = songs * condition_rows(song);
  const int64_t frames = songs * song.frames;
  std::vector<Tensor> held;
  const int sets = song.leaves_cover ? 2 : 1;
  for (int set = 0; set < sets; ++set) {
    held.push_back(run.activations(rows * dit.encoder.hidden));
    held.push_back(run.booleans(rows));
    held.push_back(run.activations(frames * (dit.in_channels - dit.latent_channels)));
  }
  if (song.edits_flow) {
    const int64_t source_rows = songs * condition_rows(described_source(song));
    held.push_back(run.activations(source_rows * dit.encoder.hidden));
    held.push_back(run.booleans(source_rows));
    held.push_back(run.activations(frames * (dit.in_channels - dit.latent_channels)));
  }
  held.push_back(run.floats(frames * dit.latent_channels));
  if (song.keeps_part) {
    held.push_back(run.booleans(frames));
    held.push_back(run.floats(frames * dit.latent_channels));
  }
  return held;
}

Tensor latents_of(const Rehearsal& run, const DitFacts& dit, const SongShape& song, int64_t songs) {
  return run.floats(songs * song.frames * dit.latent_channels);
}

Tensor encoder_stack(const Rehearsal& run, const DitFacts& dit, const StackSizes& sizes) {
  const int64_t masked = sizes.is_masked ? sizes.batch : 0;
  const int64_t rows = sizes.batch * sizes.length;
  const RotaryTensors table = rounded_rotary_table(run, sizes.length, dit.encoder.head_dim);
  const Pattern full(run, {.length = sizes.length, .masked_batch = masked});
  const Pattern sliding(
      run, {.length = sizes.length, .window = dit.window, .masked_batch = dit.window ? masked : 0});
  Tensor states;
  for (int64_t i = 0; i < sizes.layers; ++i) {
    const bool slides = dit.is_sliding.at(static_cast<std::size_t>(i));
    states = encoder_layer(run, dit.encoder, sizes.batch, slides ? sliding : full);
  }
  return rms_norm(run, rows, dit.encoder.hidden);
}

Tensor qwen_layers(const Rehearsal& run, const QwenFacts& qwen, const QwenSizes& sizes) {
  Tensor states;
  // All alike; the second has its predecessor's result for its input.
  for (int64_t i = 0; i < std::min<int64_t>(2, qwen.layers); ++i) {
    states = qwen_layer(run, qwen.shape, sizes);
  }
  return rms_norm(run, sizes.batch * sizes.tokens, qwen.shape.hidden);
}

Tensor qwen_embedding(const Rehearsal& run, const QwenFacts& qwen, int64_t tokens) {
  const int64_t numbers = tokens * qwen.shape.hidden;
  Tensor stored = run.of(numbers, run.numbers.weights);
  if (run.numbers.weights == run.numbers.activations) return stored;
  return run.activations(numbers);
}

}  // namespace acestep::plan
