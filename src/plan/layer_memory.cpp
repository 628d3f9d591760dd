#include "plan/layer_memory.h"

#include <algorithm>
#include <utility>

namespace acestep::plan {
namespace {

// As in src/nn: attention_pattern.cpp and int8_weight.cpp.
constexpr int64_t kBlockQueries = 64;
constexpr int64_t kDenseLength = 600;
constexpr int64_t kManyRows = 8;
constexpr int64_t kKernelBlock = 32;

bool suits_packed_kernel(const Rehearsal& run, int64_t rows, const LinearSize& size) {
  return rows < kManyRows && !run.numbers.is_float16 && size.in % kKernelBlock == 0 &&
         size.out % kKernelBlock == 0;
}

// nn::int8_dynamic_linear: rows of activations become whole numbers for the time of the product.
Tensor int8_dynamic_linear(const Rehearsal& run, int64_t rows, const LinearSize& size) {
  Tensor whole_rows;
  {
    const Tensor scaled = run.floats(rows * size.in);
    whole_rows = run.of(rows * size.in, 1);
  }
  const Tensor scales = run.floats(rows);
  const Tensor zero_points = run.floats(rows);
  Tensor product;
  {
    const Tensor sums = run.of(rows * size.out, 4);
    product = run.floats(rows * size.out);
  }
  return run.numbers.activations == 4 ? std::move(product) : run.activations(rows * size.out);
}

// Queries or keys, normalised: [B, T, heads, D].
Tensor normalised_heads(const Rehearsal& run, int64_t rows, const LinearSize& size,
                        int64_t head_dim) {
  const Tensor projected = linear(run, rows, size);
  return rms_norm(run, rows * size.out / head_dim, head_dim);
}

// Which pairs of positions are near enough: [pairs] bool.
Tensor window_matrix(const Rehearsal& run, int64_t pairs, int64_t positions) {
  const Tensor places = run.whole_numbers(positions);
  const Tensor distance = run.whole_numbers(pairs);
  const Tensor magnitude = run.whole_numbers(pairs);
  return run.booleans(pairs);
}

}  // namespace

Tensor linear(const Rehearsal& run, int64_t rows, const LinearSize& size) {
  const bool converts = run.numbers.weights != run.numbers.activations;
  const Tensor input = converts ? run.of(rows * size.in, run.numbers.weights) : Tensor();
  if (run.linear == LinearForm::kInt8Dynamic) return int8_dynamic_linear(run, rows, size);
  Tensor output;
  {
    const bool unpacks = run.linear == LinearForm::kInt8 && !suits_packed_kernel(run, rows, size);
    const Tensor unpacked = unpacks ? run.of(size.in * size.out, run.numbers.weights) : Tensor();
    output = run.of(rows * size.out, run.numbers.weights);
  }
  return converts ? run.activations(rows * size.out) : std::move(output);
}

Tensor rms_norm(const Rehearsal& run, int64_t rows, int64_t width) {
  const bool converts = run.numbers.weights != run.numbers.activations;
  const Tensor weight = converts ? run.activations(width) : Tensor();
  const bool is_float = run.numbers.activations == 4;
  Tensor scale;
  {
    const Tensor square = is_float ? run.floats(rows * width) : Tensor();
    scale = run.floats(rows);
  }
  const Tensor widened = is_float ? Tensor() : run.floats(rows * width);
  return run.activations(rows * width);
}

Tensor swiglu(const Rehearsal& run, int64_t rows, const TransformerShape& shape) {
  const LinearSize wider{shape.hidden, shape.intermediate};
  const Tensor gate = linear(run, rows, wider);
  const Tensor up = linear(run, rows, wider);
  return linear(run, rows, {shape.intermediate, shape.hidden});
}

Tensor attend(const Rehearsal& run, const TransformerShape& shape, const AttentionSizes& sizes) {
  // Only flash attention knows keys that several heads share.
  const bool kernel_groups = run.is_bfloat16() && !sizes.has_bias;
  const bool spreads = !kernel_groups && shape.heads != shape.kv_heads;
  const int64_t width = shape.heads * shape.head_dim;
  const int64_t spread = sizes.batch * sizes.keys * width;
  const Tensor keys = spreads ? run.activations(spread) : Tensor();
  const Tensor values = spreads ? run.activations(spread) : Tensor();
  return run.activations(sizes.batch * sizes.queries * width);
}

Pattern::Pattern(const Rehearsal& run, const Sizes& sizes) : length_(sizes.length) {
  const int64_t window = sizes.window.value_or(length_);
  const bool is_masked = sizes.masked_batch > 0;
  if (window >= length_ - 1 && !is_masked) return;
  has_mask_ = true;
  const int64_t span = kBlockQueries + 2 * window;
  if (length_ > kDenseLength && span < length_ && !is_masked) {
    window_ = window;
    blocks_ = (length_ + kBlockQueries - 1) / kBlockQueries;
    tail_ = blocks_ * kBlockQueries - length_;
    make_mask(run, kBlockQueries, span, blocks_);
    return;
  }
  make_mask(run, length_, length_, std::max<int64_t>(1, sizes.masked_batch));
}

void Pattern::make_mask(const Rehearsal& run, int64_t rows, int64_t columns, int64_t matrices) {
  const int64_t pairs = rows * columns * matrices;
  const bool is_blockwise = blocks_ > 0;
  Tensor visible = is_blockwise ? window_matrix(run, pairs, (rows + columns) * matrices)
                                : window_matrix(run, rows * columns, rows);
  if (!is_blockwise && matrices > 1) visible = run.booleans(pairs);
  mask_ = run.activations(pairs);
  const Tensor hidden = run.booleans(pairs);
}

Tensor Pattern::attend(const Rehearsal& run, const TransformerShape& shape, int64_t batch) const {
  if (blocks_ > 0) return attend_blocks(run, shape, batch);
  return plan::attend(run, shape,
                      {.batch = batch, .queries = length_, .keys = length_, .has_bias = has_mask_});
}

Tensor Pattern::attend_blocks(const Rehearsal& run, const TransformerShape& shape,
                              int64_t batch) const {
  const int64_t span = kBlockQueries + 2 * window_;
  const int64_t padded = blocks_ * kBlockQueries;
  const int64_t width = shape.heads * shape.head_dim;
  const int64_t kv_width = shape.kv_heads * shape.head_dim;
  // Blocks that overlap are a view of one sequence, and a copy of several.
  const bool copies = batch > 1;
  const auto overlapping = [&](int64_t length, int64_t block, int64_t heads_width) {
    Tensor border = run.activations(batch * length * heads_width);
    if (!copies) return border;
    return run.activations(batch * blocks_ * block * heads_width);
  };
  const Tensor plain = run.activations(batch * padded * width);
  const Tensor mask = copies ? run.activations(batch * blocks_ * kBlockQueries * span) : Tensor();
  const Tensor values = overlapping(padded + 2 * window_, span, kv_width);
  const Tensor keys = overlapping(padded + 2 * window_, span, kv_width);
  const Tensor queries =
      copies ? run.activations(batch * blocks_ * kBlockQueries * width) : Tensor();
  return plan::attend(
      run, shape,
      {.batch = batch * blocks_, .queries = kBlockQueries, .keys = span, .has_bias = true});
}

Tensor attention_to_itself(const Rehearsal& run, const TransformerShape& shape, int64_t batch,
                           const Pattern& pattern) {
  const int64_t rows = batch * pattern.length();
  const int64_t width = shape.heads * shape.head_dim;
  const int64_t kv_width = shape.kv_heads * shape.head_dim;
  const LinearSize to_keys{shape.hidden, kv_width};
  const Tensor values = linear(run, rows, to_keys);
  const Tensor keys = normalised_heads(run, rows, to_keys, shape.head_dim);
  const Tensor placed_keys = run.activations(rows * kv_width);
  const Tensor queries = normalised_heads(run, rows, {shape.hidden, width}, shape.head_dim);
  const Tensor placed_queries = run.activations(rows * width);
  const Tensor mixed = pattern.attend(run, shape, batch);
  const Tensor packed = pattern.leaves_gaps(batch) ? run.activations(rows * width) : Tensor();
  return linear(run, rows, {width, shape.hidden});
}

Tensor attention_to_other(const Rehearsal& run, const TransformerShape& shape,
                          const AttentionSizes& sizes) {
  const int64_t rows = sizes.batch * sizes.queries;
  const int64_t width = shape.heads * shape.head_dim;
  const Tensor queries = normalised_heads(run, rows, {shape.hidden, width}, shape.head_dim);
  const Tensor mixed = attend(run, shape, sizes);
  return linear(run, rows, {width, shape.hidden});
}

RotaryTensors rotary_table(const Rehearsal& run, int64_t length, int64_t head_dim) {
  const Tensor positions = run.floats(length);
  const Tensor frequencies = run.floats(head_dim / 2);
  const Tensor half = run.floats(length * head_dim / 2);
  const Tensor angles = run.floats(length * head_dim);
  RotaryTensors table{run.floats(length * head_dim), run.floats(length * head_dim)};
  return table;
}

RotaryTensors rounded_rotary_table(const Rehearsal& run, int64_t length, int64_t head_dim) {
  RotaryTensors table = rotary_table(run, length, head_dim);
  if (run.numbers.activations == 4) return table;
  RotaryTensors rounded{run.activations(length * head_dim), run.activations(length * head_dim)};
  return rounded;
}

}  // namespace acestep::plan
