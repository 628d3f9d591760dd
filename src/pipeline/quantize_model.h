// Writes a model folder anew with its linear weights in INT8, or tells what that would change.
#pragma once

#include <ATen/core/ScalarType.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "pipeline/rewrite_model.h"
#include "util/stop_token.h"

namespace acestep::pipeline {

struct Quantizing {
  std::filesystem::path from;            // a folder of a diffusion transformer or a language model
  at::ScalarType dtype = at::kBFloat16;  // kFloat, kHalf or kBFloat16: what weights are rounded to
                                         // first and scales are held in
};

// What a stored weight lost.
struct WeightLoss {
  std::string name;
  int64_t rows = 0;
  int64_t columns = 0;
  double largest = 0.0;         // max |w - value · scale|
  double squared_error = 0.0;   // sum of the errors' squares
  double squared_weight = 0.0;  // sum of the weights' squares

  double relative() const;  // root of the quotient of the sums; 0 for a weight of zeros
};

struct QuantizedModel {
  uint64_t weights = 0;  // how many became INT8
  uint64_t bytes_before = 0;
  uint64_t bytes_after = 0;        // both of all tensors
  std::vector<WeightLoss> losses;  // in the order of their names; empty unless measured

  double relative_loss() const;  // of all weights together
};

// Told after every tensor.
using QuantizeProgress = std::function<void(uint64_t done, uint64_t of)>;

enum class Losses { kIgnored, kMeasured };

// The new folder holds weights as weights/int8_checkpoint.h says: those that quantising while
// loading would reach (a diffusion transformer's decoder, a language model's layers), with the very
// numbers it would make in `dtype`. All other tensors stay as they are stored. One weight is in
// memory at a time; each is read twice, for its scales and for its numbers. Throws Error kModel for
// other models and for those that are in INT8 already, and what rewrite_model.h says.
QuantizedModel quantize_model(const Quantizing& quantizing, const RewriteTarget& to, Losses losses,
                              const QuantizeProgress& progress, const util::StopToken& stop);

// The same without writing anything.
QuantizedModel measure_quantization(const Quantizing& quantizing, const QuantizeProgress& progress,
                                    const util::StopToken& stop);

}  // namespace acestep::pipeline
