// Names, shapes and value ranges of a random model's tensors, so that signals keep their size on
// the way through it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "weights/seeded_source.h"

namespace acestep::tiny {

// Every method adds bfloat16 tensors whose names begin with `name`; no name may come twice.
class TensorPlan final {
 public:
  // [count] ones: the weight of a norm, named `name`.weight.
  void norm(const std::string& name, int64_t count);
  // `name`.weight [out, in] such that outputs are as large as inputs.
  void linear(const std::string& name, int64_t out, int64_t in);
  // linear() and `name`.bias [out].
  void biased_linear(const std::string& name, int64_t out, int64_t in);
  // `name` itself: a table of values in [-spread, spread).
  void table(const std::string& name, std::vector<int64_t> shape, float spread);
  // `name`.weight of any shape in which `fan_in` inputs meet in one output, and `name`.bias.
  void biased_weight(const std::string& name, std::vector<int64_t> shape, int64_t fan_in,
                     int64_t out);
  // `name`.weight_v [rows, …] with `name`.weight_g: the length of each row.
  void normalised_weight(const std::string& name, std::vector<int64_t> shape, float row_length);
  // `name`.bias [count].
  void bias(const std::string& name, int64_t count);
  // `name`.alpha and `name`.beta, logarithms near 0.
  void snake(const std::string& name, int64_t channels);

  std::map<std::string, weights::SeededTensor, std::less<>> take() { return std::move(tensors_); }

 private:
  void add(const std::string& name, std::vector<int64_t> shape, float mean, float spread);

  std::map<std::string, weights::SeededTensor, std::less<>> tensors_;
};

}  // namespace acestep::tiny
