#include "weights/weight_scope.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <optional>

#include "util/error.h"
#include "weights/shape_text.h"

namespace acestep::weights {
namespace {

// A tensor of this shape without memory of its own; on the meta device without any.
at::Tensor stand_in(at::IntArrayRef shape, const at::TensorOptions& options) {
  return at::empty({}, options).expand(shape);
}

enum class Stored { kFloatingPoint, kInt8 };

// What is wrong with `name` for someone who asks for this shape; absent when all is well.
std::optional<std::string> find_problem(const TensorSource& source, const std::string& name,
                                        at::IntArrayRef shape, Stored expected) {
  const TensorInfo* info = source.find(name);
  if (!info) return "missing: '" + name + "' " + shape_text(shape);
  if (at::IntArrayRef(info->shape) != shape) {
    return "wrong shape: '" + name + "' is " + shape_text(info->shape) + ", expected " +
           shape_text(shape);
  }
  const bool is_expected =
      expected == Stored::kInt8 ? info->dtype == at::kChar : c10::isFloatingType(info->dtype);
  if (is_expected) return std::nullopt;
  return "wrong dtype: '" + name + "' is " + c10::toString(info->dtype) + ", expected " +
         (expected == Stored::kInt8 ? "8-bit integers" : "floating point");
}

}  // namespace

WeightReader::WeightReader(const TensorSource& source, Placement placement, std::string component)
    : source_(source), placement_(placement), component_(std::move(component)) {}

WeightScope WeightReader::root() { return WeightScope(this, ""); }

void WeightReader::finish(const std::vector<std::string>& ignored_prefixes) const {
  std::vector<std::string> problems = problems_;
  for (const std::string& name : source_.names()) {
    const bool is_ignored =
        std::any_of(ignored_prefixes.begin(), ignored_prefixes.end(),
                    [&](const std::string& prefix) { return name.starts_with(prefix); });
    if (!is_ignored && !taken_.contains(name)) {
      problems.push_back("extra: '" + name + "' " + shape_text(source_.find(name)->shape));
    }
  }
  if (problems.empty()) return;
  std::string message = source_.description() + ": does not fit " + component_ + ", " +
                        std::to_string(problems.size()) +
                        (problems.size() == 1 ? " tensor differs" : " tensors differ");
  for (const std::string& problem : problems) message += "\n  " + problem;
  throw Error(ErrorCode::kModel, message,
              "Check that config.json and the weights come from the same model folder.");
}

std::string WeightScope::full_name(std::string_view name) const {
  return prefix_.empty() ? std::string(name) : prefix_ + "." + std::string(name);
}

WeightScope WeightScope::scope(std::string_view name) const {
  return WeightScope(reader_, full_name(name));
}

WeightScope WeightScope::scope(int64_t index) const { return scope(std::to_string(index)); }

bool WeightScope::has(std::string_view name) const {
  return reader_->source_.find(full_name(name)) != nullptr;
}

const Placement& WeightScope::placement() const { return reader_->placement_; }

at::Tensor WeightScope::take(std::string_view name, at::IntArrayRef shape) const {
  return take_as(name, shape, placement().dtype);
}

at::Tensor WeightScope::take_float(std::string_view name, at::IntArrayRef shape) const {
  return take_as(name, shape, at::kFloat);
}

at::Tensor WeightScope::take_as(std::string_view name, at::IntArrayRef shape,
                                at::ScalarType dtype) const {
  const Stored expected = dtype == at::kChar ? Stored::kInt8 : Stored::kFloatingPoint;
  const std::string full = full_name(name);
  const auto options = at::TensorOptions().dtype(dtype).device(placement().home_device());
  reader_->taken_.insert(full);
  const auto problem = find_problem(reader_->source_, full, shape, expected);
  if (problem) reader_->note(*problem);
  if (problem || options.device().is_meta()) return stand_in(shape, options);
  const at::Tensor stored = reader_->source_.tensor(full);
  at::Tensor placed = stored.to(options);
  if (!placed.is_same(stored)) reader_->source_.release(full);
  return placed;
}

bool WeightScope::is_int8(std::string_view name) const {
  const TensorInfo* info = reader_->source_.find(full_name(name));
  return info != nullptr && info->dtype == at::kChar;
}

at::Tensor WeightScope::take_int8(std::string_view name, at::IntArrayRef shape) const {
  return take_as(name, shape, at::kChar);
}

void WeightScope::count_quantized(std::string_view name, int64_t dense_bytes, int64_t bytes) const {
  QuantizedCount* count = placement().quantized;
  if (count == nullptr) return;
  count->weights.push_back(full_name(name));
  count->dense_bytes += dense_bytes;
  count->bytes += bytes;
}

void WeightScope::release(std::string_view name) const {
  if (placement().device.is_meta()) return;
  reader_->source_.release(full_name(name));
}

at::Tensor WeightScope::take_stored(std::string_view name, at::IntArrayRef shape) const {
  const std::string full = full_name(name);
  reader_->taken_.insert(full);
  const auto problem = find_problem(reader_->source_, full, shape, Stored::kFloatingPoint);
  if (problem) reader_->note(*problem);
  if (placement().device.is_meta())
    return stand_in(shape, at::TensorOptions().dtype(at::kFloat).device(at::kMeta));
  if (problem) return stand_in(shape, at::TensorOptions().dtype(at::kFloat).device(at::kCPU));
  return reader_->source_.tensor(full);
}

void WeightReader::note(const std::string& problem) {
  if (std::find(problems_.begin(), problems_.end(), problem) == problems_.end()) {
    problems_.push_back(problem);
  }
}

}  // namespace acestep::weights
