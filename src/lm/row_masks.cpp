#include "lm/row_masks.h"

#include <ATen/ATen.h>

#include <limits>

#include "util/error.h"

namespace acestep::lm {
namespace {

constexpr float kMinusInfinity = -std::numeric_limits<float>::infinity();

at::Tensor index_of(const std::vector<int64_t>& ids, at::Device device) {
  return at::tensor(ids, at::TensorOptions().dtype(at::kLong)).to(device);
}

}  // namespace

void block(at::Tensor& row, int64_t id) { row.select(0, id).fill_(kMinusInfinity); }

void block(at::Tensor& row, const at::Tensor& mask) { row.masked_fill_(mask, kMinusInfinity); }

void allow_only(at::Tensor& row, const std::vector<int64_t>& ids) {
  const at::Tensor index = index_of(ids, row.device());
  const at::Tensor kept = row.index_select(0, index);
  row.fill_(kMinusInfinity).index_copy_(0, index, kept);
}

int64_t best_of(const at::Tensor& row, const std::vector<int64_t>& ids) {
  ACE_CHECK(!ids.empty());
  const at::Tensor scores = row.index_select(0, index_of(ids, row.device()));
  return ids[static_cast<size_t>(scores.argmax().item<int64_t>())];
}

bool is_strictly_likeliest(const at::Tensor& row, int64_t id) {
  at::Tensor probabilities = row.softmax(0);
  const float own = probabilities.select(0, id).item<float>();
  probabilities.select(0, id).zero_();
  return own > probabilities.max().item<float>();
}

}  // namespace acestep::lm
