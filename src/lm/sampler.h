// Choosing the next token from a row of logits, in the order and with the bits of PyTorch.
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace acestep::lm {

struct SamplingOptions {
  double temperature = 0.85;        // >= 0; 0 takes the likeliest token
  int64_t top_k = 0;                // 0 off; values above the row's width keep everything
  double top_p = 1.0;               // 0 < p < 1; anything else is off
  double repetition_penalty = 1.0;  // > 0; 1 off
};

// Where the temperature stands: behind the filters in the reference's own loops, before them in the
// library loop that it uses for unconstrained output without guidance.
enum class TemperatureOrder { kAfterFilters, kBeforeFilters };

// row: [V] float32 throughout; changed in place unless said otherwise.

// Ids seen before: negative logits times the penalty, positive ones divided by it.
void penalise_repetition(at::Tensor& row, const std::vector<int64_t>& seen, double penalty);
// -inf below the k-th largest logit; ties with it stay.
void keep_top_k(at::Tensor& row, int64_t k);
// -inf behind the first token, from the likeliest down, whose cumulative probability exceeds p.
void keep_top_p(at::Tensor& row, double p);

// Penalty over `seen`, then top-k and top-p, in place.
void filter(at::Tensor& row, const std::vector<int64_t>& seen, const SamplingOptions& options);

// Probabilities of a filtered row at a temperature > 0: [V].
at::Tensor probabilities(const at::Tensor& row, double temperature);

// The token of a filtered row. Temperature > 0 makes exactly one draw over the row's full width, so
// that a seed gives the reference's tokens; 0 makes none.
int64_t choose(const at::Tensor& row, double temperature, at::Generator generator);

// Penalty, filters, temperature and draw in one. The row is used up.
int64_t sample(at::Tensor row, const std::vector<int64_t>& seen, const SamplingOptions& options,
               TemperatureOrder order, at::Generator generator);

// The order of the reference's CUDA engine, for comparison with it.
namespace engine {

// Penalty of the conditional row over the output's ids, then guidance over the whole row.
at::Tensor guide(const at::Tensor& conditional, const at::Tensor& unconditional, double scale,
                 const std::vector<int64_t>& output_ids, double penalty);
// Divides by the temperature, then filters by top-k and top-p in one ascending sort.
at::Tensor filter(const at::Tensor& row, const SamplingOptions& options);
// The largest of probability / Exp(1).
int64_t choose(const at::Tensor& row, at::Generator generator);

}  // namespace engine

}  // namespace acestep::lm
