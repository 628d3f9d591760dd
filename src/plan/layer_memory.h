// Rehearses the layers of src/nn: every tensor that a layer has on the device is taken and given
// back where the layer does it.
#pragma once

#include <cstdint>
#include <optional>

#include "plan/live_bytes.h"
#include "plan/song_models.h"

namespace acestep::plan {

using Tensor = LiveBytes::Tensor;

// Bytes per number.
struct NumberBytes {
  uint64_t weights = 4;      // of linear and convolution weights
  uint64_t activations = 4;  // of what flows between layers
  bool is_float16 = false;   // which fewer kernels know than bfloat16

  bool operator==(const NumberBytes&) const = default;
};
inline constexpr NumberBytes kFloat32Bytes = {4, 4, false};
inline constexpr NumberBytes kBFloat16Bytes = {2, 2, false};
inline constexpr NumberBytes kFloat16Bytes = {2, 4, true};  // its activations are float32

enum class LinearForm {
  kDense,
  kInt8,         // whole numbers with a scale per row
  kInt8Dynamic,  // the same, with the sum of each row, for activations in whole numbers
};

// Where a rehearsal counts, and in which numbers it computes.
struct Rehearsal {
  LiveBytes& memory;
  NumberBytes numbers;
  LinearForm linear = LinearForm::kDense;

  Tensor of(int64_t elements, uint64_t element_bytes) const {
    return memory.take(static_cast<uint64_t>(elements) * element_bytes);
  }
  Tensor activations(int64_t elements) const { return of(elements, numbers.activations); }
  Tensor floats(int64_t elements) const { return of(elements, 4); }
  Tensor whole_numbers(int64_t elements) const { return of(elements, 8); }
  Tensor booleans(int64_t elements) const { return of(elements, 1); }

  bool is_bfloat16() const { return numbers == kBFloat16Bytes; }
  // The same, counting on in the same memory, with dense linear layers.
  Rehearsal dense() const { return {memory, numbers, LinearForm::kDense}; }
};

struct LinearSize {
  int64_t in = 0;
  int64_t out = 0;
};
// rows · [in] -> rows · [out].
Tensor linear(const Rehearsal& run, int64_t rows, const LinearSize& size);

// rows · [width] -> the same.
Tensor rms_norm(const Rehearsal& run, int64_t rows, int64_t width);

// x: hidden -> hidden.
Tensor swiglu(const Rehearsal& run, int64_t rows, const TransformerShape& shape);

struct AttentionSizes {
  int64_t batch = 1;
  int64_t queries = 1;
  int64_t keys = 1;
  bool has_bias = false;
};
// Queries, keys and values are there -> [B, T, heads·D].
Tensor attend(const Rehearsal& run, const TransformerShape& shape, const AttentionSizes& sizes);

// Sequences of one length and what their positions see of each other.
class Pattern {
 public:
  struct Sizes {
    int64_t length = 1;
    std::optional<int64_t> window = {};
    int64_t masked_batch = 0;  // sequences with a mask of their keys; 0: none has one
  };
  Pattern(const Rehearsal& run, const Sizes& sizes);

  // Queries, keys and values are there -> [B, T, heads·D].
  Tensor attend(const Rehearsal& run, const TransformerShape& shape, int64_t batch) const;

  int64_t length() const { return length_; }
  // The output of attend() must be copied before it can be multiplied.
  bool leaves_gaps(int64_t batch) const { return blocks_ > 0 && batch > 1 && tail_ > 0; }

 private:
  void make_mask(const Rehearsal& run, int64_t rows, int64_t columns, int64_t matrices);
  Tensor attend_blocks(const Rehearsal& run, const TransformerShape& shape, int64_t batch) const;

  int64_t length_;
  int64_t window_ = 0;
  int64_t blocks_ = 0;  // of queries; 0: all against all
  int64_t tail_ = 0;
  Tensor mask_;
  bool has_mask_ = false;
};

// Projections, normalisation and positions of a sequence's attention to itself: [B, T, hidden] ->
// the same.
Tensor attention_to_itself(const Rehearsal& run, const TransformerShape& shape, int64_t batch,
                           const Pattern& pattern);
// The same to another sequence's keys and values.
Tensor attention_to_other(const Rehearsal& run, const TransformerShape& shape,
                          const AttentionSizes& sizes);

struct RotaryTensors {
  Tensor cos;
  Tensor sin;
};
// In float32 as made.
RotaryTensors rotary_table(const Rehearsal& run, int64_t length, int64_t head_dim);
// In the activations' type.
RotaryTensors rounded_rotary_table(const Rehearsal& run, int64_t length, int64_t head_dim);

}  // namespace acestep::plan
