// The model folder that a case names, and its parts.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "golden/case.h"
#include "models/dit_config.h"
#include "models/dit_parts.h"
#include "weights/tensor_source.h"
#include "weights/weight_scope.h"

namespace acestep::golden {

struct DitCheckpoint {
  std::unique_ptr<weights::TensorSource> source;
  models::DitConfig config;
};

// The folder `model` of the case's entry, below its checkpoints.
DitCheckpoint open_checkpoint(const Case& the_case);

// One part on the CPU in `dtype`; throws unless it takes exactly the tensors of its part.
template <typename Part>
Part load_part(const DitCheckpoint& checkpoint, std::string_view part,
               at::ScalarType dtype = at::kFloat) {
  weights::WeightReader reader(*checkpoint.source, {.device = at::kCPU, .dtype = dtype},
                               std::string(part));
  Part loaded(reader.root().scope(part), checkpoint.config);
  reader.finish(models::other_parts({part}));
  return loaded;
}

}  // namespace acestep::golden
