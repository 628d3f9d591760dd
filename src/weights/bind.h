// Builds a component from files nobody vouches for: checked as a whole before anything is
// allocated.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "weights/weight_scope.h"

namespace acestep::weights {

// Returns make(root scope), which is called twice. First on the meta device, whose tensors have a
// shape and a dtype but no memory: one Error kModel lists whatever does not fit `component`,
// however large the sizes in its config.json are. Then on the placement's own device.
// ignored_prefixes: as for WeightReader::finish.
template <typename Make>
auto bind(const TensorSource& source, const Placement& placement, const std::string& component,
          const std::vector<std::string>& ignored_prefixes, Make make) {
  WeightReader proof(source, {.device = at::kMeta, .dtype = placement.dtype}, component);
  make(proof.root());
  proof.finish(ignored_prefixes);
  WeightReader reader(source, placement, component);
  return make(reader.root());
}

}  // namespace acestep::weights
