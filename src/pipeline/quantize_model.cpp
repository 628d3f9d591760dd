#include "pipeline/quantize_model.h"

#include <ATen/ATen.h>

#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <span>
#include <utility>

#include "models/dit.h"
#include "models/dit_config.h"
#include "models/dit_parts.h"
#include "models/qwen3_config.h"
#include "models/qwen3_lm.h"
#include "nn/int8_weight.h"
#include "util/error.h"
#include "weights/int8_checkpoint.h"
#include "weights/safetensors_source.h"
#include "weights/scalar_type.h"
#include "weights/weight_scope.h"

namespace acestep::pipeline {
namespace {

// The stored weights that quantising while loading would reach: the layers themselves say it.
std::vector<std::string> quantisable(const hub::LocalModel& model,
                                     const weights::TensorSource& source) {
  weights::QuantizedCount count;
  weights::WeightReader reader(
      source, {.device = at::kMeta, .linear = weights::LinearWeights::kInt8, .quantized = &count},
      model.name);
  if (model.kind == hub::ModelKind::kDit) {
    models::Dit(reader.root().scope(models::dit_part::kDecoder),
                models::read_dit_config(model.path));
  } else {
    models::Qwen3Lm(reader.root(), models::read_qwen3_config(model.path / "config.json"));
  }
  return count.weights;
}

std::span<const std::byte> bytes_of(const at::Tensor& tensor) {
  return {static_cast<const std::byte*>(tensor.const_data_ptr()), tensor.nbytes()};
}

WeightLoss loss_of(const std::string& name, const at::Tensor& stored, const nn::Int8Weight& made) {
  const at::Tensor weight = stored.to(at::kFloat);
  const at::Tensor error =
      made.values.to(at::kFloat).mul_(made.scales.to(at::kFloat).unsqueeze(1)).sub_(weight);
  const auto sum_of_squares = [](const at::Tensor& x) {
    const double norm = at::norm(x, 2, at::kDouble).item<double>();
    return norm * norm;
  };
  return {.name = name,
          .rows = stored.size(0),
          .columns = stored.size(1),
          .largest = error.abs().max().item<double>(),
          .squared_error = sum_of_squares(error),
          .squared_weight = sum_of_squares(weight)};
}

double quotient_root(double error, double weight) {
  return weight > 0.0 ? std::sqrt(error / weight) : 0.0;
}

// A model's tensors as its INT8 folder holds them.
class QuantizedSource {
 public:
  QuantizedSource(const hub::LocalModel& model, at::ScalarType dtype)
      : source_(weights::open_model_folder(model.path)), dtype_(dtype) {
    require_dense();
    for (std::string& name : quantisable(model, *source_)) chosen_.insert(std::move(name));
  }

  const std::set<std::string>& chosen() const { return chosen_; }

  // What the new file holds.
  std::vector<weights::TensorShape> shapes() const {
    std::vector<weights::TensorShape> shapes;
    for (const std::string& name : source_->names()) {
      const weights::TensorInfo& info = *source_->find(name);
      if (!chosen_.contains(name)) {
        shapes.push_back({name, weights::stored_type(info.dtype), info.shape});
        continue;
      }
      shapes.push_back({name, weights::StoredType::kI8, info.shape});
      shapes.push_back(
          {weights::scale_name(name), weights::stored_type(dtype_), {info.shape.front()}});
    }
    return shapes;
  }

  // Losses are empty.
  QuantizedModel sizes() const {
    QuantizedModel sizes;
    sizes.weights = chosen_.size();
    for (const std::string& name : source_->names()) {
      const weights::TensorInfo& info = *source_->find(name);
      sizes.bytes_before +=
          weights::bytes_needed({name, weights::stored_type(info.dtype), info.shape});
    }
    for (const weights::TensorShape& shape : shapes()) {
      sizes.bytes_after += weights::bytes_needed(shape);
    }
    return sizes;
  }

  // One tensor of the new file. Adds to `losses`, if given, what a weight lost.
  at::Tensor tensor(const std::string& name, std::vector<WeightLoss>* losses) const {
    const std::string weight = weights::scaled_weight(name);
    if (chosen_.contains(weight)) {
      const at::Tensor scales = nn::row_scales(source_->tensor(weight).to(dtype_));
      source_->release(weight);
      return scales;
    }
    if (!chosen_.contains(name)) return source_->tensor(name).contiguous();
    const at::Tensor stored = source_->tensor(name);
    const nn::Int8Weight made = nn::quantize_rows(stored.to(dtype_));
    if (losses != nullptr) losses->push_back(loss_of(name, stored, made));
    source_->release(name);
    return made.values;
  }

 private:
  void require_dense() const {
    for (const std::string& name : source_->names()) {
      if (source_->find(name)->dtype != at::kChar) continue;
      throw Error(ErrorCode::kModel,
                  source_->description() + ": is in INT8 already, as '" + name + "' is",
                  "Quantise the model that it was made of.");
    }
  }

  std::unique_ptr<weights::TensorSource> source_;
  at::ScalarType dtype_;
  std::set<std::string> chosen_;
};

void require_quantisable(const hub::LocalModel& model) {
  const bool is_large =
      model.kind == hub::ModelKind::kDit || model.kind == hub::ModelKind::kLanguageModel;
  if (is_large) return;
  throw Error(ErrorCode::kModel, model.path.string() + ": has no weights to quantise",
              "Diffusion transformers and language models have: acestep models list shows them.");
}

// Fields that readers of the published formats look at, so that none takes it for a dense model.
void mark(nlohmann::json& config) {
  config[weights::kQuantizationKey] = {{"quant_method", weights::kQuantizationMethod},
                                       {"weights", "int8_weight_only"}};
}

}  // namespace

double WeightLoss::relative() const { return quotient_root(squared_error, squared_weight); }

double QuantizedModel::relative_loss() const {
  double error = 0.0;
  double weight = 0.0;
  for (const WeightLoss& loss : losses) {
    error += loss.squared_error;
    weight += loss.squared_weight;
  }
  return quotient_root(error, weight);
}

QuantizedModel quantize_model(const Quantizing& quantizing, const RewriteTarget& to, Losses losses,
                              const QuantizeProgress& progress, const util::StopToken& stop) {
  const hub::LocalModel model = look_before_rewriting(quantizing.from, to);
  require_quantisable(model);
  const QuantizedSource source(model, quantizing.dtype);
  QuantizedModel result = source.sizes();
  NewWeights made;
  made.tensors = source.shapes();
  made.edit_config = mark;
  made.origin = "quantised from " + model.name;

  const uint64_t tensors = made.tensors.size();
  uint64_t done = 0;
  at::Tensor held;  // the bytes of the last answer
  made.bytes_of = [&](const weights::TensorShape& tensor) {
    stop.throw_if_stopped();
    held = source.tensor(tensor.name, losses == Losses::kMeasured ? &result.losses : nullptr);
    progress(++done, tensors);
    return bytes_of(held);
  };
  rewrite_model(model, to, std::move(made), stop);
  return result;
}

QuantizedModel measure_quantization(const Quantizing& quantizing, const QuantizeProgress& progress,
                                    const util::StopToken& stop) {
  const hub::LocalModel model = look_at_sound_model(quantizing.from);
  require_quantisable(model);
  const QuantizedSource source(model, quantizing.dtype);
  QuantizedModel result = source.sizes();
  for (const std::string& name : source.chosen()) {
    stop.throw_if_stopped();
    source.tensor(name, &result.losses);
    progress(result.losses.size(), source.chosen().size());
  }
  return result;
}

}  // namespace acestep::pipeline
