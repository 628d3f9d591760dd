// The language model and its sampler, on tiny random weights.
#include <ATen/ATen.h>

#include <limits>

#include "diffusion/noise.h"
#include "lm/decoder.h"
#include "lm/generation.h"
#include "lm/guidance.h"
#include "lm/sampler.h"
#include "pipeline/components.h"
#include "request/keyscale.h"
#include "request/song_values.h"
#include "selftest/check.h"
#include "text/lm_output.h"
#include "text/lm_prompt.h"

namespace acestep::selftest {
namespace {

pipeline::Components tiny_components(Workshop& workshop) {
  return {pipeline::find_models({.checkpoint_dir = workshop.tiny_models(),
                                 .dit = "acestep-v15-turbo",
                                 .lm = "acestep-5Hz-lm-0.6B"}),
          {},
          {}};
}

// Reading a prompt at once, in two parts, and token by token gives the same logits.
void check_cache(Expect& expect, Workshop& workshop) {
  pipeline::Components components = tiny_components(workshop);
  const auto loaded = components.language_model();
  const models::Qwen3Lm& model = loaded->model;
  const std::vector<int64_t> ids = {5, 17, 3, 99, 42, 8, 77};
  const at::Tensor row = at::tensor(ids, at::kLong).unsqueeze(0);
  const at::Tensor hidden = model.stack().forward(model.stack().embed(row));
  const at::Tensor expected =
      model.logits(hidden.select(1, hidden.size(1) - 1), models::HeadRows::kAll);
  lm::EagerDecoder decoder(model);
  const auto all = models::HeadRows::kAll;
  expect.near("the whole prompt", decoder.read({{ids}, {0}}, 1, all), expected, 1e-4);
  at::Tensor last = decoder.read({{{ids[0], ids[1]}}, {0}}, 5, all);
  for (std::size_t i = 2; i < ids.size(); ++i) last = decoder.step({ids[i]}, all);
  expect.near("token by token", last, expected, 1e-4);
  const lm::PromptBatch padded = lm::make_prompt_batch({ids, {5, 17}}, 0);
  expect.near("beside a shorter prompt", decoder.read(padded, 1, all)[0], expected[0], 1e-4);
}

// Whatever random weights want to write, the grammar lets only well-formed metadata through.
void check_grammar(Expect& expect, Workshop& workshop) {
  pipeline::Components components = tiny_components(workshop);
  const auto lease = components.language_model();
  const pipeline::LanguageModel& loaded = *lease;
  lm::EagerDecoder decoder(loaded.model);
  const lm::PassRequest request{
      .prompt = text::cot_prompt({.caption = "warm folk", .lyrics = "la la"}),
      .unconditional_prompt = {},
      .sampling = {},
      .grammar = lm::GrammarOptions{.stops_at_reasoning = true,
                                    .skips_caption = true,
                                    .skips_language = true,
                                    .given = {},
                                    .target_seconds = {},
                                    .metadata_temperature = {},
                                    .codes_temperature = {}},
      .max_new_tokens = 400};
  for (const uint64_t seed : {1, 2, 3}) {
    const lm::PassResult pass =
        lm::run_pass({decoder, loaded.tables}, request, diffusion::make_generator(seed));
    const text::Metadata metadata = text::parse_lm_output(pass.text).metadata;
    const int64_t bpm = text::to_integer(text::value_of(metadata, "bpm")).value_or(0);
    expect.is_true("the tempo is one", bpm >= request::kBpmMin && bpm <= request::kBpmMax);
    const double seconds = text::to_float(text::value_of(metadata, "duration")).value_or(0.0);
    expect.is_true("the length is one", seconds >= request::kDurationMinSeconds &&
                                            seconds <= request::kDurationMaxSeconds);
    const std::string key = text::to_text(text::value_of(metadata, "keyscale"));
    expect.same("the key is one", request::normalised_keyscale(key).value_or("none"), key);
  }
}

void check_filters(Expect& expect, Workshop&) {
  const auto kept = [](const at::Tensor& row) { return row.isfinite().sum().item<int64_t>(); };
  // Probabilities 0.5, 0.25, 0.125, 0.125.
  const at::Tensor logits = at::log(at::tensor({0.5F, 0.25F, 0.125F, 0.125F}));
  at::Tensor row = logits.clone();
  lm::keep_top_k(row, 2);
  expect.same("logits behind top-k 2", kept(row), 2);
  row = logits.clone();
  lm::keep_top_p(row, 0.7);
  expect.same("logits behind top-p 0.7", kept(row), 2);
  row = at::tensor({2.0F, -2.0F, 1.0F});
  lm::penalise_repetition(row, {0, 1}, 2.0);
  expect.near("penalised logits", row, at::tensor({1.0F, -4.0F, 1.0F}), 0.0);
  expect.near("probabilities at temperature 1", lm::probabilities(logits, 1.0),
              at::tensor({0.5F, 0.25F, 0.125F, 0.125F}), 1e-6);
  expect.near("guided logits", lm::guide(at::tensor({1.0F, 2.0F}), at::tensor({0.0F, 4.0F}), 2.0),
              at::tensor({2.0F, 0.0F}), 1e-6);
}

void check_choice(Expect& expect, Workshop&) {
  const at::Tensor row = at::log(at::tensor({0.1F, 0.2F, 0.7F}));
  expect.same("the likeliest token", lm::choose(row, 0.0, diffusion::make_generator(1)), 2);
  const auto draws = [&](uint64_t seed) {
    at::Generator generator = diffusion::make_generator(seed);
    std::vector<int64_t> counts(3);
    for (int i = 0; i < 3000; ++i)
      ++counts[static_cast<std::size_t>(lm::choose(row, 1.0, generator))];
    return counts;
  };
  expect.is_true("a seed's tokens are the same again", draws(3) == draws(3));
  // Five standard deviations of a binomial of 3000 draws.
  expect.near("how often 0.7 is drawn", static_cast<double>(draws(3)[2]), 2100.0, 126.0);
}

void check_nan_logits(Expect& expect, Workshop& workshop) {
  pipeline::Components components = tiny_components(workshop);
  const auto lease = components.language_model();
  const pipeline::LanguageModel& loaded = *lease;
  // Answers with NaN, whatever it reads.
  class Broken final : public lm::Decoder {
   public:
    explicit Broken(int64_t vocabulary) : vocabulary_(vocabulary) {}
    at::Tensor read(const lm::PromptBatch& prompts, int64_t, models::HeadRows) override {
      return at::full({static_cast<int64_t>(prompts.rows.size()), vocabulary_},
                      std::numeric_limits<float>::quiet_NaN());
    }
    at::Tensor step(const std::vector<int64_t>&, models::HeadRows rows) override {
      return read({{{}}, {0}}, 1, rows);
    }
    const models::HeadWindow& window() const override { return window_; }
    int64_t vocab_size() const override { return vocabulary_; }
    at::Device device() const override { return at::kCPU; }
    void reset() override {}

   private:
    int64_t vocabulary_;
    models::HeadWindow window_;
  };
  Broken broken(loaded.model.vocab_size());
  expect.refused("a language model that answers NaN", ErrorCode::kRejected, [&] {
    lm::PassRequest request;
    request.prompt = "x";
    request.max_new_tokens = 3;
    lm::run_pass({broken, loaded.tables}, request, diffusion::make_generator(1));
  });
}

}  // namespace

std::vector<Check> language_model_checks() {
  return {{"lm.filters", "top-k, top-p, penalty, guidance on known logits", check_filters},
          {"lm.choice", "tokens are drawn as often as they should be", check_choice},
          {"lm.cache", "a prompt at once, in parts, in a batch: one answer", check_cache},
          {"lm.grammar", "random weights can only write valid metadata", check_grammar},
          {"lm.nan", "NaN logits are rejected", check_nan_logits}};
}

}  // namespace acestep::selftest
