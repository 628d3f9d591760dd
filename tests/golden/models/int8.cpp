#include <ATen/ATen.h>

#include <stdexcept>

#include "golden/models/runners.h"
#include "nn/int8_activation.h"
#include "nn/int8_weight.h"

namespace acestep::golden {
namespace {

using nlohmann::json;

at::ScalarType type_named(const std::string& name) {
  if (name == "float32") return at::kFloat;
  if (name == "float16") return at::kHalf;
  if (name == "bfloat16") return at::kBFloat16;
  throw std::runtime_error("unknown dtype " + name);
}

// Rows of numbers as [rows, columns] float32, numbers as [count].
at::Tensor float_tensor(const json& list) {
  if (!list.at(0).is_array()) return at::tensor(list.get<std::vector<float>>());
  std::vector<at::Tensor> rows;
  for (const json& row : list) rows.push_back(at::tensor(row.get<std::vector<float>>()));
  return at::stack(rows);
}

// Two roundings to the type: of the product and of the sum with the bias, or of both dequantised
// factors.
double bound_of(at::ScalarType type) {
  if (type == at::kFloat) return 2e-6;
  return type == at::kHalf ? 2.0 / 1024 : 2.0 / 128;
}

// The case's weight, quantised: its numbers and scales are the reference's.
nn::Int8Weight checked_weight(const json& one, at::ScalarType type, Check& check) {
  const std::string id = one.at("id");
  const json& out = one.at("out");
  const at::Tensor dense = float_tensor(one.at("in").at("weight")).to(type);
  const nn::Int8Weight weight = nn::quantize_rows(dense);
  check.tensor_absolute(id + " int8", weight.values.to(at::kFloat), float_tensor(out.at("int8")),
                        0.0);
  check.tensor_absolute(id + " scale", weight.scales.to(at::kFloat), float_tensor(out.at("scale")),
                        0.0);
  return weight;
}

void check_one(const json& one, Check& check) {
  const std::string id = one.at("id");
  const json& in = one.at("in");
  const json& out = one.at("out");
  const at::ScalarType type = type_named(in.at("dtype"));
  const nn::Int8Weight weight = checked_weight(one, type, check);
  check.equal(id + " scale type", c10::toString(weight.scales.scalar_type()),
              c10::toString(type_named(out.at("scale_dtype"))));
  const at::Tensor y = nn::int8_linear(float_tensor(in.at("x")).to(type), weight,
                                       float_tensor(in.at("bias")).to(type));
  const at::Tensor expected = float_tensor(out.at("y"));
  const double error = (y.to(at::kFloat) - expected).abs().max().item<double>();
  check.measured(id + " y", error / expected.abs().max().item<double>(), bound_of(type));
}

void check_dynamic(const json& one, Check& check) {
  const std::string id = one.at("id");
  const json& in = one.at("in");
  const json& out = one.at("out");
  const at::ScalarType type = type_named(in.at("dtype"));
  const nn::Int8Weight weight = checked_weight(one, type, check);
  const at::Tensor x = float_tensor(in.at("x")).to(type);
  const nn::Int8Rows rows = nn::quantize_activations(x);
  check.tensor_absolute(id + " x int8", rows.values.to(at::kFloat), float_tensor(out.at("x_int8")),
                        0.0);
  check.tensor_absolute(id + " x scale", rows.scales.squeeze(1), float_tensor(out.at("x_scale")),
                        0.0);
  check.tensor_absolute(id + " x zero point", rows.zero_points.squeeze(1).to(at::kFloat),
                        float_tensor(out.at("x_zero_point")), 0.0);
  const at::Tensor y = nn::int8_dynamic_linear(x, weight, nn::row_sums(weight),
                                               float_tensor(in.at("bias")).to(type));
  const at::Tensor expected = float_tensor(out.at("y"));
  const double error = (y - expected).abs().max().item<double>();
  check.measured(id + " y", error / expected.abs().max().item<double>(), bound_of(type));
}

}  // namespace

void run_w8a8_dynamic(const Case& the_case, Check& check) {
  for (const json& one : the_case.data.at("cases")) {
    check_dynamic(one, check);
    check.count();
  }
}

void run_int8_weight_only(const Case& the_case, Check& check) {
  for (const json& one : the_case.data.at("cases")) {
    check_one(one, check);
    check.count();
  }
}

}  // namespace acestep::golden
