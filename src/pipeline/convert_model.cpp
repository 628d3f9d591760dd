#include "pipeline/convert_model.h"

#include <ATen/ATen.h>

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/rewrite_model.h"
#include "util/error.h"
#include "weights/safetensors_source.h"
#include "weights/scalar_type.h"

namespace acestep::pipeline {
namespace {

at::ScalarType type_after(at::ScalarType stored, at::ScalarType wanted) {
  return at::isFloatingType(stored) ? wanted : stored;
}

at::Tensor cast(const at::Tensor& stored, const std::string& name, at::ScalarType wanted) {
  at::Tensor result = stored.to(type_after(stored.scalar_type(), wanted)).contiguous();
  // Only half has a smaller range than what models are stored in.
  const bool may_overflow = result.scalar_type() == at::kHalf && stored.scalar_type() != at::kHalf;
  if (!may_overflow) return result;
  const at::Tensor is_lost =
      at::logical_and(at::isfinite(stored), at::isfinite(result).logical_not());
  if (!is_lost.any().item<bool>()) return result;
  throw Error(ErrorCode::kModel,
              "tensor '" + name + "' has numbers beyond 65504, the largest of fp16",
              "Convert to bf16 instead: it has the range of fp32.");
}

std::span<const std::byte> bytes_of(const at::Tensor& tensor) {
  return {static_cast<const std::byte*>(tensor.const_data_ptr()), tensor.nbytes()};
}

// The type's name under the keys that different versions of the writers use.
void name_type(nlohmann::json& config, at::ScalarType dtype) {
  const std::string name = dtype == at::kFloat  ? "float32"
                           : dtype == at::kHalf ? "float16"
                                                : "bfloat16";
  for (const char* key : {"dtype", "torch_dtype"}) {
    if (config.contains(key)) config[key] = name;
  }
}

std::vector<weights::TensorShape> shapes_after(const weights::TensorSource& source,
                                               at::ScalarType dtype) {
  std::vector<weights::TensorShape> shapes;
  for (const std::string& name : source.names()) {
    const weights::TensorInfo& info = *source.find(name);
    shapes.push_back({name, weights::stored_type(type_after(info.dtype, dtype)), info.shape});
  }
  return shapes;
}

}  // namespace

Converted convert_model(const Conversion& conversion, const ConversionProgress& progress,
                        const util::StopToken& stop) {
  const RewriteTarget target{conversion.to};
  const hub::LocalModel model = look_before_rewriting(conversion.from, target);
  const auto source = weights::open_model_folder(conversion.from);
  NewWeights made;
  made.tensors = shapes_after(*source, conversion.dtype);
  made.edit_config = [&](nlohmann::json& config) { name_type(config, conversion.dtype); };
  made.origin = "converted from " + model.name;

  const uint64_t tensors = made.tensors.size();
  uint64_t done = 0;
  at::Tensor held;  // the bytes of the last answer
  made.bytes_of = [&](const weights::TensorShape& tensor) {
    stop.throw_if_stopped();
    held = cast(source->tensor(tensor.name), tensor.name, conversion.dtype);
    source->release(tensor.name);
    progress(++done, tensors);
    return bytes_of(held);
  };
  return {tensors, rewrite_model(model, target, std::move(made), stop)};
}

}  // namespace acestep::pipeline
