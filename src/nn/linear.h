// A linear layer whose weight is held in the form its device multiplies fastest.
#pragma once

#include <ATen/core/Tensor.h>

#include <string_view>
#include <vector>

#include "nn/int8_weight.h"
#include "nn/weight_visitor.h"
#include "weights/weight_scope.h"

namespace acestep::nn {

enum class Bias { kNone, kPresent };

// Where a weight is stored, and its rows.
struct WeightRows {
  weights::WeightScope scope;
  int64_t out_features;
};

// y = x·Wᵀ + b. The product is computed in the weight's dtype and returned in x's dtype, so a
// float32 residual stream stays float32 over half-precision weights.
class Linear {
 public:
  // Takes `weight` [out_features, in_features] and, if asked, `bias` [out_features] from the scope.
  // Where the placement asks for it the weight is quantised on its way: the dense one never
  // reaches the device. One that is stored in INT8 (weights/int8_checkpoint.h) stays as it is,
  // whatever the placement asks for.
  Linear(const weights::WeightScope& scope, int64_t in_features, int64_t out_features,
         Bias bias = Bias::kNone);
  // One product instead of several over the same input: the weights' rows, stacked in their order.
  Linear(const std::vector<WeightRows>& parts, int64_t in_features);
  // Uses a given weight [out, in], wherever it is kept, to compute on `device`; bias [out] or
  // undefined. A float32 weight is kept as it is, because its owner may hold it too (an embedding
  // table that is also the output layer).
  Linear(at::Tensor weight, at::Tensor bias, at::Device device);

  // x: [..., in_features] -> [..., out_features].
  at::Tensor operator()(const at::Tensor& x) const;

  void visit_weights(const WeightVisitor& visit) {
    visit_parts(visit, weight_, int8_.values, int8_.scales, int8_row_sums_, bias_);
  }

  int64_t in_features() const { return in_features_; }
  int64_t out_features() const { return out_features_; }

 private:
  // What becomes of the dense weight.
  enum class Form {
    kPlain,
    kPacked,           // the CPU's blocked layout
    kPackedInProduct,  // on the simulated GPU: stays dense, becomes blocked in each product
  };
  static Form best_form(at::Device device, at::ScalarType dtype);

  void pack(at::Device device);
  at::Tensor dense_product(const at::Tensor& x) const;
  void take_dense(const std::vector<WeightRows>& parts);
  void take_int8(const std::vector<WeightRows>& parts);

  int64_t in_features_;
  int64_t out_features_;
  at::ScalarType dtype_;
  at::Tensor weight_;         // dense [out, in] or blocked
  Int8Weight int8_;           // in place of weight_ where it is defined
  at::Tensor int8_row_sums_;  // defined where x is quantised in each call, too
  at::Tensor bias_;           // undefined when absent
  Form form_ = Form::kPlain;
};

}  // namespace acestep::nn
