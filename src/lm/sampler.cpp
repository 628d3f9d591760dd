#include "lm/sampler.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <limits>

#include "lm/token_draw.h"
#include "util/error.h"

namespace acestep::lm {
namespace {

constexpr float kMinusInfinity = -std::numeric_limits<float>::infinity();

bool limits_top_p(double p) { return p > 0.0 && p < 1.0; }

at::Tensor index_of(const std::vector<int64_t>& ids, at::Device device) {
  return at::tensor(ids, at::TensorOptions().dtype(at::kLong)).to(device);
}

// Sorting the few ids that the grammar leaves is far cheaper than sorting the whole vocabulary;
// what is already -inf has no part in the cumulative sum.
at::Tensor finite_ids(const at::Tensor& row) { return row.gt(kMinusInfinity).nonzero().squeeze(1); }

}  // namespace

void penalise_repetition(at::Tensor& row, const std::vector<int64_t>& seen, double penalty) {
  if (penalty == 1.0 || seen.empty()) return;
  const at::Tensor index = index_of(seen, row.device());
  const at::Tensor scores = row.index_select(0, index);
  row.index_copy_(0, index, at::where(scores.lt(0), scores * penalty, scores / penalty));
}

void keep_top_k(at::Tensor& row, int64_t k) {
  if (k <= 0) return;
  const auto largest = std::get<0>(row.topk(std::min(k, row.size(0))));
  row.masked_fill_(row.lt(largest.select(0, largest.size(0) - 1)), kMinusInfinity);
}

void keep_top_p(at::Tensor& row, double p) {
  if (!limits_top_p(p)) return;
  const at::Tensor ids = finite_ids(row);
  if (ids.size(0) <= 1) return;
  const auto [logits, order] = row.index_select(0, ids).sort(/*dim=*/0, /*descending=*/true);
  const at::Tensor exceeds = logits.softmax(0).cumsum(0).gt(p);
  // A token is dropped when the sum before it exceeds p, so the first always stays.
  const at::Tensor dropped =
      order.narrow(0, 1, order.size(0) - 1).masked_select(exceeds.narrow(0, 0, order.size(0) - 1));
  row.index_fill_(0, ids.index_select(0, dropped), kMinusInfinity);
}

void filter(at::Tensor& row, const std::vector<int64_t>& seen, const SamplingOptions& options) {
  penalise_repetition(row, seen, options.repetition_penalty);
  keep_top_k(row, options.top_k);
  keep_top_p(row, options.top_p);
}

at::Tensor probabilities(const at::Tensor& row, double temperature) {
  return (row / temperature).softmax(0);
}

int64_t choose(const at::Tensor& row, double temperature, at::Generator generator) {
  if (temperature <= 0) return row.argmax().item<int64_t>();
  const at::Device where = generator.device();  // a CPU generator serves every device
  const at::Tensor weights = probabilities(row, temperature).to(where);
  if (where.is_cpu()) return draw_token(weights, generator);
  return at::multinomial(weights, 1, /*replacement=*/false, std::move(generator)).item<int64_t>();
}

int64_t sample(at::Tensor row, const std::vector<int64_t>& seen, const SamplingOptions& options,
               TemperatureOrder order, at::Generator generator) {
  if (order == TemperatureOrder::kBeforeFilters && options.temperature > 0) {
    penalise_repetition(row, seen, options.repetition_penalty);
    row.div_(options.temperature);
    filter(row, {}, options);
    return choose(row, 1.0, std::move(generator));
  }
  filter(row, seen, options);
  return choose(row, options.temperature, std::move(generator));
}

namespace engine {

at::Tensor guide(const at::Tensor& conditional, const at::Tensor& unconditional, double scale,
                 const std::vector<int64_t>& output_ids, double penalty) {
  at::Tensor penalised = conditional.clone();
  penalise_repetition(penalised, output_ids, penalty);
  return unconditional + scale * (penalised - unconditional);
}

at::Tensor filter(const at::Tensor& row, const SamplingOptions& options) {
  at::Tensor scaled = row / options.temperature;
  if (!limits_top_p(options.top_p)) {
    keep_top_k(scaled, options.top_k);
    return scaled;
  }
  auto [logits, order] = scaled.sort(/*dim=*/0, /*descending=*/false);
  const int64_t width = logits.size(0);
  if (options.top_k > 0) {
    const at::Tensor threshold = logits.select(0, width - std::min(options.top_k, width)).clone();
    logits.masked_fill_(logits.lt(threshold), kMinusInfinity);
  }
  const at::Tensor dropped = logits.softmax(0).cumsum(0).le(1.0 - options.top_p);
  dropped.select(0, width - 1).fill_(false);
  logits.masked_fill_(dropped, kMinusInfinity);
  return scaled.scatter(0, order, logits);
}

int64_t choose(const at::Tensor& row, at::Generator generator) {
  constexpr double kSmallestExponential = 1e-10;
  const at::Tensor weights = row.softmax(0);
  const at::Tensor exponentials = at::empty_like(weights)
                                      .exponential_(1.0, std::move(generator))
                                      .clamp_min_(kSmallestExponential);
  return (weights / exponentials).argmax().item<int64_t>();
}

}  // namespace engine

}  // namespace acestep::lm
