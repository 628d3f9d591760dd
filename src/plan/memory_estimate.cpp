#include "plan/memory_estimate.h"

namespace acestep::plan {
namespace {

uint64_t bytes_of(const WeightTensor& tensor, const NumberBytes& numbers, LinearForm linear) {
  const bool is_quantized = tensor.kind == WeightKind::kInt8 ||
                            (tensor.kind == WeightKind::kLinear && linear != LinearForm::kDense);
  if (is_quantized) {
    const uint64_t sums = linear == LinearForm::kInt8Dynamic ? storage_bytes(tensor.rows * 4) : 0;
    return storage_bytes(tensor.elements) + storage_bytes(tensor.rows * numbers.weights) + sums;
  }
  const uint64_t element = tensor.kind == WeightKind::kFloat32 ? 4 : numbers.weights;
  return storage_bytes(tensor.elements * element);
}

}  // namespace

uint64_t weight_bytes(const WeightTensors& tensors, const NumberBytes& numbers, LinearForm linear) {
  uint64_t total = 0;
  for (const WeightTensor& tensor : tensors) total += bytes_of(tensor, numbers, linear);
  return total;
}

std::vector<StageNeed> estimate_stages(const SongModels& models, const SongShape& song,
                                       const Holding& holding) {
  return {estimate_compose(models, song, holding), estimate_encode(models, song, holding),
          estimate_condition(models, song, holding), estimate_denoise(models, song, holding),
          estimate_decode(models, song, holding)};
}

}  // namespace acestep::plan
