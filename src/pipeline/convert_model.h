// Writes a model folder anew with its weights in another number type.
#pragma once

#include <ATen/core/ScalarType.h>

#include <cstdint>
#include <filesystem>
#include <functional>

#include "util/stop_token.h"

namespace acestep::pipeline {

struct Conversion {
  std::filesystem::path from;            // a model folder
  std::filesystem::path to;              // must not exist
  at::ScalarType dtype = at::kBFloat16;  // kFloat, kHalf or kBFloat16
};

struct Converted {
  uint64_t tensors = 0;
  uint64_t bytes = 0;  // of the new weight file
};

// Told after every tensor.
using ConversionProgress = std::function<void(uint64_t done, uint64_t of)>;

// The weights become one file, tensor by tensor: memory holds one of them twice at most. Numbers
// are rounded to nearest; integers stay as they are. Other files are copied, config.json with the
// new type named. Source and result are proven to fit the engine (model_check.h). The folder
// appears whole or not at all. Throws Error kModel naming the tensor when a finite number would
// overflow the new type, kOutput naming the path, and the stop's Error.
Converted convert_model(const Conversion& conversion, const ConversionProgress& progress,
                        const util::StopToken& stop);

}  // namespace acestep::pipeline
