#include "models/cross_listener.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "util/error.h"

namespace acestep::models {
namespace {

constexpr int64_t kPositionsAtOnce = 512;  // 5 MB of float32 for the longest lyrics

// softmax(q·kᵀ/sqrt(D)) in float32 whatever the models' type. queries: [P, D], keys: [L, D]
// -> [P, L].
at::Tensor attention_of(const at::Tensor& queries, const at::Tensor& keys) {
  const double scale = 1.0 / std::sqrt(static_cast<double>(queries.size(1)));
  return at::softmax(at::matmul(queries.to(at::kFloat), keys.t()).mul_(scale), -1);
}

}  // namespace

CrossListener::CrossListener(std::vector<LayerHeads> heads, RowSpan rows)
    : heads_(std::move(heads)), rows_(rows) {
  ACE_CHECK(!heads_.empty());
}

bool CrossListener::wants(int64_t layer) const {
  return std::any_of(heads_.begin(), heads_.end(),
                     [&](const LayerHeads& wanted) { return wanted.layer == layer; });
}

int64_t CrossListener::last_layer() const {
  return std::max_element(
             heads_.begin(), heads_.end(),
             [](const LayerHeads& a, const LayerHeads& b) { return a.layer < b.layer; })
      ->layer;
}

int64_t CrossListener::most_numbers(int64_t positions, int64_t rows) {
  return std::min(positions, kPositionsAtOnce) * rows;
}

void CrossListener::hear(int64_t layer, const at::Tensor& queries, const at::Tensor& keys) {
  ACE_CHECK(queries.size(0) == 1 && rows_.first + rows_.count <= keys.size(2));
  const int64_t positions = queries.size(2);
  const int64_t group = queries.size(1) / keys.size(1);
  for (const LayerHeads& wanted : heads_) {
    if (wanted.layer != layer) continue;
    for (const int64_t head : wanted.heads) {
      const at::Tensor head_keys = keys[0][head / group].to(at::kFloat);
      const at::Tensor map = at::empty({rows_.count, positions},
                                       at::TensorOptions().dtype(at::kFloat).device(at::kCPU));
      for (int64_t first = 0; first < positions; first += kPositionsAtOnce) {
        const int64_t count = std::min(kPositionsAtOnce, positions - first);
        const at::Tensor attention =
            attention_of(queries[0][head].narrow(0, first, count), head_keys);
        map.narrow(1, first, count)
            .copy_(attention.narrow(1, rows_.first, rows_.count).to(at::kCPU).t());
      }
      maps_.push_back(map);
    }
  }
}

}  // namespace acestep::models
