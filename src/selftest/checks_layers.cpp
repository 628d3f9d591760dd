// Layers against plain formulas in double precision. Bounds are a few roundings of the type that
// the layer computes in: 2^-24 in float32, 2^-9 in bfloat16, relative to sums of the sizes used.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <cmath>
#include <map>

#include "nn/attention_pattern.h"
#include "nn/conv1d.h"
#include "nn/linear.h"
#include "nn/rms_norm.h"
#include "nn/rotary.h"
#include "nn/snake.h"
#include "nn/swiglu.h"
#include "selftest/check.h"
#include "weights/seeded_source.h"
#include "weights/weight_scope.h"

namespace acestep::selftest {
namespace {

at::Tensor wide(const at::Tensor& x) { return x.to(at::kDouble); }

// Weights of one layer by name, uniform in ±1/sqrt(fan_in) or so.
class LayerWeights {
 public:
  explicit LayerWeights(std::map<std::string, std::vector<int64_t>> shapes,
                        at::ScalarType dtype = at::kFloat)
      : source_(5, tensors_of(shapes)), reader_(source_, {.dtype = dtype}, "self test") {}

  weights::WeightScope scope() { return reader_.root(); }
  at::Tensor operator[](const std::string& name) const { return wide(source_.tensor(name)); }

 private:
  static std::map<std::string, weights::SeededTensor, std::less<>> tensors_of(
      const std::map<std::string, std::vector<int64_t>>& shapes) {
    std::map<std::string, weights::SeededTensor, std::less<>> tensors;
    for (const auto& [name, shape] : shapes) {
      tensors[name] = {{at::kFloat, shape}, 0.0F, 0.5F};
    }
    return tensors;
  }

  weights::SeededSource source_;
  weights::WeightReader reader_;
};

void check_product(Expect& expect, at::ScalarType dtype, double bound) {
  LayerWeights weights({{"weight", {96, 160}}, {"bias", {96}}}, dtype);
  const nn::Linear linear(weights.scope(), 160, 96, nn::Bias::kPresent);
  const at::Tensor weight = wide(weights["weight"].to(dtype));
  const at::Tensor bias = wide(weights["bias"].to(dtype));
  for (const int64_t rows : {1, 3, 70}) {
    const at::Tensor x = random_tensor({rows, 160}, 6);
    const at::Tensor expected = at::matmul(wide(x.to(dtype)), weight.t()) + bias;
    expect.near("the product of " + std::to_string(rows) + " rows", linear(x), expected, bound);
  }
}

// Sums of 160 products of about 0.3: 4 · 2^-24 · 160 and more for the order of the sum.
void check_product_fp32(Expect& expect, Workshop&) { check_product(expect, at::kFloat, 3e-5); }

// However many threads share a product, it is the same but for the order of sums.
void check_threads(Expect& expect, Workshop&) {
  const at::Tensor weight = random_tensor({512, 512}, 29);
  const nn::Linear linear(weight, {}, at::kCPU);
  const at::Tensor x = random_tensor({64, 512}, 30);
  const at::Tensor alone = linear(x);
  at::set_num_threads(2);
  const at::Tensor shared = linear(x);
  at::set_num_threads(1);
  expect.near("the product by two threads", shared, alone, 1e-3);
  expect.near("the product by one", alone, at::matmul(wide(x), wide(weight).t()), 1e-3);
}

// Results of about ±12 are rounded to 8 bits: 2^-9 · 16.
void check_product_bf16(Expect& expect, Workshop&) { check_product(expect, at::kBFloat16, 0.04); }

void check_bfloat16(Expect& expect, Workshop&) {
  const auto rounded = [](double value) {
    return at::scalar_tensor(value, at::kFloat).to(at::kBFloat16).to(at::kDouble).item<double>();
  };
  // Halfway cases go to the even neighbour.
  expect.near("1 + 2^-8", rounded(1.0 + 0x1p-8), 1.0, 0.0);
  expect.near("1 + 3·2^-8", rounded(1.0 + 0x3p-8), 1.0 + 0x1p-6, 0.0);
  expect.near("1/3", rounded(1.0 / 3.0), 0.333984375, 0.0);
  expect.is_true("3.4e38 is too large", std::isinf(rounded(3.4e38)));
}

// softmax(q·kᵀ/sqrt(D))·v, query heads sharing key heads in order.
at::Tensor attention_in_double(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                               const at::Tensor& hidden) {
  const int64_t share = q.size(1) / k.size(1);
  const at::Tensor keys = wide(k).repeat_interleave(share, 1);
  const at::Tensor values = wide(v).repeat_interleave(share, 1);
  at::Tensor scores =
      at::matmul(wide(q), keys.transpose(2, 3)) / std::sqrt(static_cast<double>(q.size(3)));
  if (hidden.defined()) scores = scores.masked_fill(hidden, -1e30);
  return at::matmul(scores.softmax(-1), values);
}

void check_attention(Expect& expect, Workshop&) {
  const at::Tensor q = random_tensor({2, 4, 37, 16}, 7);
  const at::Tensor k = random_tensor({2, 2, 37, 16}, 8);
  const at::Tensor v = random_tensor({2, 2, 37, 16}, 9);
  expect.near("attention to everything", nn::attend(q, k, v), attention_in_double(q, k, v, {}),
              1e-5);
  const at::Tensor later = at::ones({37, 37}, at::kBool).triu(1);
  expect.near("causal attention", nn::attend(q, k, v, {.bias = {}, .is_causal = true}),
              attention_in_double(q, k, v, later), 1e-5);
}

void check_window(Expect& expect, Workshop&) {
  constexpr int64_t kLength = 150;
  constexpr int64_t kWindow = 16;
  const at::Tensor q = random_tensor({1, 2, kLength, 8}, 10);
  const at::Tensor k = random_tensor({1, 2, kLength, 8}, 11);
  const at::Tensor v = random_tensor({1, 2, kLength, 8}, 12);
  const nn::AttentionPattern pattern(kLength, {.window = kWindow, .key_mask = {}}, at::kFloat,
                                     at::kCPU);
  const at::Tensor place = at::arange(kLength);
  const at::Tensor far = (place.unsqueeze(0) - place.unsqueeze(1)).abs() > kWindow;
  const at::Tensor expected = attention_in_double(q, k, v, far).transpose(1, 2).flatten(2);
  expect.near("attention within a window", pattern(q, k, v), expected, 1e-5);
}

void check_rotary(Expect& expect, Workshop&) {
  constexpr int64_t kFirst = 1000;
  constexpr int64_t kDim = 8;
  const at::Tensor x = random_tensor({1, 1, 3, kDim}, 13);
  const at::Tensor y =
      nn::rotate(x, nn::make_rotary_table(kFirst, 3, kDim, 1e4, at::kCPU)).to(at::kDouble);
  for (int64_t t = 0; t < 3; ++t) {
    for (int64_t k = 0; k < kDim / 2; ++k) {
      const double frequency = std::pow(1e4, -2.0 * static_cast<double>(k) / kDim);
      const double angle = static_cast<double>(kFirst + t) * frequency;
      const double a = x[0][0][t][k].item<double>();
      const double b = x[0][0][t][k + kDim / 2].item<double>();
      // An angle of 1000 has an error of 2^-14 in float32.
      expect.near("rotated", y[0][0][t][k].item<double>(),
                  a * std::cos(angle) - b * std::sin(angle), 1e-3);
    }
  }
}

void check_rms_norm(Expect& expect, Workshop&) {
  LayerWeights weights({{"weight", {48}}});
  const nn::RmsNorm norm(weights.scope(), 48, 1e-6);
  const at::Tensor x = random_tensor({5, 48}, 14) * 30.0;
  const at::Tensor mean = wide(x).square().mean(-1, /*keepdim=*/true);
  expect.near("the norm", norm(x), wide(x) / (mean + 1e-6).sqrt() * weights["weight"], 1e-6);
}

void check_swiglu(Expect& expect, Workshop&) {
  LayerWeights weights({{"gate_proj.weight", {40, 24}},
                        {"up_proj.weight", {40, 24}},
                        {"down_proj.weight", {24, 40}}});
  const nn::SwiGlu layer(weights.scope(), 24, 40);
  const at::Tensor x = random_tensor({5, 24}, 15);
  const at::Tensor gate = at::matmul(wide(x), weights["gate_proj.weight"].t());
  const at::Tensor up = at::matmul(wide(x), weights["up_proj.weight"].t());
  const at::Tensor expected =
      at::matmul(gate / (1.0 + (-gate).exp()) * up, weights["down_proj.weight"].t());
  expect.near("the layer", layer(x), expected, 3e-5);
}

void check_snake(Expect& expect, Workshop&) {
  LayerWeights weights({{"alpha", {1, 6, 1}}, {"beta", {1, 6, 1}}});
  const nn::Snake snake(weights.scope(), 6);
  const at::Tensor x = random_tensor({2, 6, 1, 500}, 16) * 20.0;
  const at::Tensor a = weights["alpha"].exp().unsqueeze(2);
  const at::Tensor b = weights["beta"].exp().unsqueeze(2);
  const at::Tensor expected = wide(x) + (a * wide(x)).sin().square() / b;
  expect.near("the activation", snake(x), expected, 3e-5);
  const at::Tensor changed = x.clone();
  snake.apply_in_place(changed);
  expect.near("the same in place", changed, expected, 3e-5);
}

// One output of a convolution, summed by hand.
double convolved(const at::Tensor& x, const at::Tensor& weight, int64_t out, int64_t t,
                 const nn::ConvShape& shape) {
  double sum = 0.0;
  for (int64_t in = 0; in < shape.in_channels; ++in) {
    for (int64_t k = 0; k < shape.kernel; ++k) {
      const int64_t place = t * shape.stride - shape.padding + k * shape.dilation;
      if (place < 0 || place >= x.size(2)) continue;
      sum += x[0][in][place].item<double>() * weight[out][in][k].item<double>();
    }
  }
  return sum;
}

void check_conv(Expect& expect, Workshop&) {
  const nn::ConvShape shape{
      .in_channels = 3, .out_channels = 4, .kernel = 7, .stride = 2, .padding = 9, .dilation = 3};
  LayerWeights weights({{"weight", {4, 3, 7}}, {"bias", {4}}});
  const nn::Conv1d conv(weights.scope(), shape);
  const at::Tensor x = random_tensor({1, 3, 40}, 17);
  const at::Tensor y = nn::from_conv_layout(conv(nn::to_conv_layout(x)));
  expect.same("its length", y.size(2), conv.output_length(40));
  for (int64_t t = 0; t < y.size(2); ++t) {
    const double expected =
        convolved(x, weights["weight"], 2, t, shape) + weights["bias"][2].item<double>();
    expect.near("output " + std::to_string(t), y[0][2][t].item<double>(), expected, 1e-5);
  }
}

// A transposed convolution is the transpose: <conv(x), y> = <x, transposed(y)>.
void check_transposed_conv(Expect& expect, Workshop&) {
  const nn::ConvShape down{
      .in_channels = 3, .out_channels = 4, .kernel = 8, .stride = 4, .padding = 2};
  const nn::ConvShape up{
      .in_channels = 4, .out_channels = 3, .kernel = 8, .stride = 4, .padding = 2};
  LayerWeights weights({{"weight", {4, 3, 8}}});
  const nn::Conv1d conv(weights.scope(), down, nn::Bias::kNone);
  const nn::ConvTranspose1d transposed(weights.scope(), up, nn::Bias::kNone);
  const at::Tensor x = random_tensor({1, 3, 40}, 18);
  const at::Tensor y = random_tensor({1, 4, 10}, 19);
  const at::Tensor forth = nn::from_conv_layout(conv(nn::to_conv_layout(x)));
  const at::Tensor back = nn::from_conv_layout(transposed(nn::to_conv_layout(y)));
  expect.near("<conv(x), y>", (wide(forth) * wide(y)).sum().item<double>(),
              (wide(x) * wide(back)).sum().item<double>(), 1e-4);
}

void check_weight_norm(Expect& expect, Workshop&) {
  const nn::ConvShape shape{.in_channels = 3, .out_channels = 4, .kernel = 1};
  LayerWeights weights({{"weight_g", {4, 1, 1}}, {"weight_v", {4, 3, 1}}});
  const nn::Conv1d conv(weights.scope(), shape, nn::Bias::kNone);
  const at::Tensor v = weights["weight_v"];
  const at::Tensor folded =
      v * weights["weight_g"] / v.square().sum({1, 2}, /*keepdim=*/true).sqrt();
  const at::Tensor x = random_tensor({1, 3, 20}, 20);
  expect.near("g·v/|v|", nn::from_conv_layout(conv(nn::to_conv_layout(x)))[0],
              at::matmul(folded.squeeze(2), wide(x)[0]), 1e-5);
}

}  // namespace

std::vector<Check> layer_checks() {
  return {
      {"layers.product_fp32", "products of 1, 3 and 70 rows against double", check_product_fp32},
      {"layers.product_bf16", "the same in bfloat16", check_product_bf16},
      {"layers.threads", "a product by one and by two threads", check_threads},
      {"layers.bfloat16", "rounding to bfloat16, bit for bit", check_bfloat16},
      {"layers.attention", "full and causal attention against double", check_attention},
      {"layers.window", "attention within a window against double", check_window},
      {"layers.rotary", "rotated positions against sine and cosine", check_rotary},
      {"layers.rms_norm", "against double", check_rms_norm},
      {"layers.swiglu", "against double", check_swiglu},
      {"layers.snake", "against double, also in place", check_snake},
      {"layers.conv", "strided, padded and dilated, against sums by hand", check_conv},
      {"layers.transposed_conv", "is the transpose of the convolution", check_transposed_conv},
      {"layers.weight_norm", "weight-norm pairs are folded", check_weight_norm}};
}

}  // namespace acestep::selftest
