// A model's weights with adapters merged into them, for whoever loads or rewrites the model.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "adapters/adapter_choice.h"
#include "weights/tensor_source.h"

namespace acestep::adapters {

// The model folder's tensors; a weight W that adapters change is W + Σ scale · difference, computed
// in float32 from the stored W and rounded once to its stored dtype, whatever is done with it
// afterwards: so quantisation, streaming and a merged folder see the same numbers. Each difference
// is taken from W alone, so the order of adapters does not matter but for the last bit.
//
// Without adapters this is weights::open_model_folder(). Throws Error kModel for the model, and
// kInput for an adapter that cannot be read, that changes a weight which the model lacks, has in
// another shape or in INT8: one error lists all of its changes that do not fit.
std::unique_ptr<weights::TensorSource> open_merged(const std::filesystem::path& model,
                                                   const std::vector<AdapterChoice>& adapters);

}  // namespace acestep::adapters
