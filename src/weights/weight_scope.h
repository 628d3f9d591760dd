// Weights taken by name at construction: every layer asks for what it needs, and whatever is
// missing, extra or of the wrong shape or dtype is told in one error at the end.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "weights/tensor_source.h"

namespace acestep::weights {

// How linear layers hold their weights.
enum class LinearWeights {
  kDense,        // in the placement's dtype
  kInt8,         // 8-bit whole numbers with a scale per output row, made while loading
  kInt8Dynamic,  // the same, and each row of activations is quantised in every product
};

// What quantisation did, summed over a component's layers.
struct QuantizedCount {
  std::vector<std::string> weights;  // the stored tensors, in the order in which they were taken
  int64_t dense_bytes = 0;           // what they would have taken
  int64_t bytes = 0;                 // what they take

  int64_t layers() const { return static_cast<int64_t>(weights.size()); }
};

// How a component's weights are to be held.
struct Placement {
  at::Device device = at::kCPU;         // where the layers compute: it decides on the weights' form
  std::optional<at::Device> home = {};  // where tensors are kept after loading; absent: on `device`
  at::ScalarType dtype = at::kFloat;    // kFloat, kBFloat16 or kHalf
  LinearWeights linear = LinearWeights::kDense;
  QuantizedCount* quantized = nullptr;  // where to count; may be null

  at::Device home_device() const { return home.value_or(device); }
};

class WeightScope;

// Binds one component to one source. Not thread-safe.
class WeightReader {
 public:
  // component: the name messages use, such as "DiT acestep-v15-turbo".
  WeightReader(const TensorSource& source, Placement placement, std::string component);

  WeightScope root();
  // Throws one Error kModel naming all missing, extra, misshapen and mistyped tensors, if any.
  // Tensors whose names start with one of `ignored_prefixes` are not counted as extra.
  void finish(const std::vector<std::string>& ignored_prefixes = {}) const;

 private:
  friend class WeightScope;
  void note(const std::string& problem);

  const TensorSource& source_;
  Placement placement_;
  std::string component_;
  std::unordered_set<std::string> taken_;
  std::vector<std::string> problems_;
};

// A name prefix within a reader; cheap to copy. Must not outlive its reader.
class WeightScope {
 public:
  // scope("layers").scope("3") reads names that start with "layers.3.".
  WeightScope scope(std::string_view name) const;
  WeightScope scope(int64_t index) const;

  bool has(std::string_view name) const;

  // The tensor `name` in the placement's home in the placement's dtype. Zero-copy from the file
  // mapping where home and dtype already fit: read-only. A missing or misshapen tensor is noted
  // for finish(), and an uninitialised stand-in of the asked shape is returned. On the meta device
  // everything is a stand-in (weights/bind.h).
  at::Tensor take(std::string_view name, at::IntArrayRef shape) const;
  // The same, in float32 whatever the placement's dtype: norms, tables and gains that stay precise.
  at::Tensor take_float(std::string_view name, at::IntArrayRef shape) const;
  // The same in the stored dtype and on the CPU, for values that are folded before use. On the meta
  // device when that is the placement's, as float32.
  at::Tensor take_stored(std::string_view name, at::IntArrayRef shape) const;

  // Is `name` stored as 8-bit whole numbers (weights/int8_checkpoint.h)?
  bool is_int8(std::string_view name) const;
  // Those numbers, in the placement's home; int8. Errors and stand-ins as take().
  at::Tensor take_int8(std::string_view name, at::IntArrayRef shape) const;

  // Counts `name`, which is held in `bytes` as 8-bit whole numbers instead of `dense_bytes`.
  void count_quantized(std::string_view name, int64_t dense_bytes, int64_t bytes) const;

  // Says that a copy of the tensor is all that is needed from here on (see TensorSource::release).
  void release(std::string_view name) const;

  const Placement& placement() const;
  // "decoder.layers.3": for messages.
  const std::string& prefix() const { return prefix_; }

 private:
  friend class WeightReader;
  WeightScope(WeightReader* reader, std::string prefix)
      : reader_(reader), prefix_(std::move(prefix)) {}
  std::string full_name(std::string_view name) const;
  at::Tensor take_as(std::string_view name, at::IntArrayRef shape, at::ScalarType dtype) const;

  WeightReader* reader_;
  std::string prefix_;
};

}  // namespace acestep::weights
