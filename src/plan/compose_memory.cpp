#include <algorithm>

#include "plan/stage_memory.h"

namespace acestep::plan {
namespace {

constexpr int64_t kAudioCodes = 64000;      // as in src/lm/token_tables.h
constexpr int64_t kMetadataChoices = 1000;  // more than any field has values

// models::KvCache: keys and values of every layer, and the rotary table.
std::vector<Tensor> key_value_cache(const Rehearsal& run, const QwenFacts& model,
                                    const LanguagePass& pass) {
  const int64_t capacity = pass.prompt_tokens + pass.new_tokens;
  const int64_t row = capacity * model.shape.kv_heads * model.shape.head_dim;
  std::vector<Tensor> held;
  for (int64_t i = 0; i < 2 * model.layers; ++i) held.push_back(run.activations(pass.rows * row));
  RotaryTensors table = rounded_rotary_table(run, capacity, model.shape.head_dim);
  held.push_back(std::move(table.cos));
  held.push_back(std::move(table.sin));
  if (pass.pads_prompts) held.push_back(run.activations(pass.rows * capacity));
  return held;
}

// models::Qwen3's masked_causal_bias.
Tensor padding_bias(const Rehearsal& run, const LanguagePass& pass) {
  const int64_t pairs = pass.prompt_tokens * pass.prompt_tokens;
  const Tensor causal = run.booleans(pairs);
  const Tensor allowed = run.booleans(pass.rows * pairs);
  const Tensor itself = run.booleans(pairs);
  const Tensor either = run.booleans(pass.rows * pairs);
  Tensor bias = run.activations(pass.rows * pairs);
  const Tensor hidden = run.booleans(pass.rows * pairs);
  return bias;
}

// Tokens that a step chooses between, all of which have finite logits.
int64_t choices(const QwenFacts& model, Writing writing) {
  if (writing == Writing::kText) return model.vocabulary;
  return writing == Writing::kCodes ? std::min(kAudioCodes, model.vocabulary) : kMetadataChoices;
}

// Of the language model's head that a step needs: codes and the end of turn, or the vocabulary.
int64_t head_rows(const QwenFacts& model, const LanguagePass& pass) {
  const bool is_window = pass.writing == Writing::kCodes;
  return is_window ? choices(model, pass.writing) + 1 : model.vocabulary;
}

// models::Qwen3Lm::logits -> [rows, head] float32.
Tensor logits(const Rehearsal& run, const QwenFacts& model, const LanguagePass& pass) {
  const int64_t width = head_rows(model, pass);
  const Tensor parts = linear(run.dense(), pass.rows, {model.shape.hidden, width});
  Tensor joined = run.activations(pass.rows * width);
  if (run.numbers.activations == 4) return joined;
  return run.floats(pass.rows * width);
}

// The prompt's way through all layers.
void read_prompt(const Rehearsal& run, const QwenFacts& model, const LanguagePass& pass) {
  const Tensor ids = run.whole_numbers(pass.rows * pass.prompt_tokens);
  const Tensor bias = pass.pads_prompts ? padding_bias(run, pass) : Tensor();
  const Tensor embedded = qwen_embedding(run, model, pass.rows * pass.prompt_tokens);
  const Tensor states = qwen_layers(run, model,
                                    {.batch = pass.rows,
                                     .tokens = pass.prompt_tokens,
                                     .has_cache = true,
                                     .has_bias = pass.pads_prompts});
}

// lm::guide of two rows, the result as wide as their logits.
Tensor guided_row(const Rehearsal& run, int64_t width) {
  const Tensor difference = run.floats(width);
  const Tensor scaled = run.floats(width);
  return run.floats(width);
}

// lm::keep_top_p, which drops nearly all of them in the worst case.
void limit_choices(const Rehearsal& run, const QwenFacts& model, int64_t count) {
  Tensor ids;
  {
    const Tensor is_finite = run.booleans(model.vocabulary);
    ids = run.whole_numbers(count);
  }
  Tensor picked = run.floats(count);
  const Tensor sorted = run.floats(count);
  const Tensor order = run.whole_numbers(count);
  picked = {};
  Tensor exceeds;
  {
    const Tensor shares = run.floats(count);
    const Tensor sums = run.floats(count);
    exceeds = run.booleans(count);
  }
  const Tensor dropped = run.whole_numbers(count);
  const Tensor dropped_ids = run.whole_numbers(count);
}

// lm::sample of one row.
void sample_token(const Rehearsal& run, const QwenFacts& model, const LanguagePass& pass) {
  const Tensor all = logits(run, model, pass);
  Tensor row;
  {
    const Tensor guided = pass.rows > 1 ? guided_row(run, head_rows(model, pass)) : Tensor();
    row = run.floats(model.vocabulary);
  }
  limit_choices(run, model, choices(model, pass.writing));
  const Tensor cooled = run.floats(model.vocabulary);
  const Tensor shares = run.floats(model.vocabulary);
}

// lm::TargetReader and what is made of its rows.
void score_tokens(const Rehearsal& run, const QwenFacts& model) {
  constexpr int64_t kRowsAtOnce = 64;  // as in src/lm/target_reader.cpp
  const int64_t numbers = kRowsAtOnce * model.vocabulary;
  const Tensor product = run.numbers.activations == 4 ? Tensor() : run.activations(numbers);
  const Tensor logits = run.floats(numbers);
  const Tensor shifted = run.floats(numbers);  // of log-sum-exp
}

// Which tokens are codes, as lm::TokenTables keeps it on the device.
std::vector<Tensor> token_masks(const Rehearsal& run, const QwenFacts& model) {
  std::vector<Tensor> masks;
  masks.push_back(run.booleans(model.vocabulary));
  masks.push_back(run.booleans(model.vocabulary));
  return masks;
}

}  // namespace

StageNeed estimate_compose(const SongModels& models, const SongShape& song,
                           const Holding& holding) {
  if (!models.language_model || song.passes.empty()) return {"compose", 0, 0};
  const QwenFacts& model = *models.language_model;
  LiveBytes memory;
  const Rehearsal run{memory, holding.numbers, form_of(model.weights, holding.language_model)};
  const std::vector<Tensor> masks = token_masks(run, model);
  for (const LanguagePass& pass : song.passes) {
    const std::vector<Tensor> cache = key_value_cache(run, model, pass);
    read_prompt(run, model, pass);
    if (pass.is_scored) {
      score_tokens(run, model);
    } else {
      sample_token(run, model, pass);
    }
  }
  return {"compose", weight_bytes(model.weights, holding.numbers, holding.language_model),
          memory.peak()};
}

}  // namespace acestep::plan
