#include "golden/case.h"

#include <ATen/ATen.h>

#include <cmath>
#include <limits>
#include <sstream>
#include <stdexcept>

namespace acestep::golden {
namespace {

bool is_exact_type(const at::Tensor& t) { return !at::isFloatingType(t.scalar_type()); }

std::string shape_of(const at::Tensor& t) {
  std::ostringstream out;
  out << t.sizes();
  return out.str();
}

bool has_prefix(const std::string& text, std::string_view prefix) {
  return text.compare(0, prefix.size(), prefix) == 0;
}

// Where the largest difference is, for a failing comparison.
std::string describe_difference(const at::Tensor& actual, const at::Tensor& expected) {
  const at::Tensor a = actual.to(at::kDouble).flatten();
  const at::Tensor b = expected.to(at::kDouble).flatten();
  const at::Tensor difference = (a - b).abs();
  const int64_t worst = difference.argmax().item<int64_t>();
  std::ostringstream out;
  out << "index " << worst << " of " << shape_of(expected) << ": got " << a[worst].item<double>()
      << ", expected " << b[worst].item<double>();
  return out.str();
}

}  // namespace

const at::Tensor& Case::tensor(const std::string& tensor_name) const {
  const auto it = tensors.find(tensor_name);
  if (it == tensors.end()) throw std::runtime_error("the case has no tensor '" + tensor_name + "'");
  return it->second;
}

bool Case::has(const std::string& tensor_name) const { return tensors.count(tensor_name) != 0; }

void Check::tensor(const std::string& name, const at::Tensor& actual, double bound) {
  compared_[name] = true;
  tensor(name, actual, case_.tensor(name), bound);
}

void Check::tensor(const std::string& label, const at::Tensor& actual, const at::Tensor& expected,
                   double bound) {
  const at::Tensor wide = expected.to(at::kDouble);
  const double spread = expected.numel() > 1 ? wide.std(/*unbiased=*/false).item<double>() : 0.0;
  // A constant reference has no spread: its size then serves as the scale.
  const double scale =
      spread > 0.0 ? spread
                   : std::max(1e-12, expected.numel() ? wide.abs().max().item<double>() : 1.0);
  if (!actual.defined() || actual.sizes() != expected.sizes()) {
    fail(label + ": shape " + (actual.defined() ? shape_of(actual) : "undefined") + ", expected " +
         shape_of(expected));
    return;
  }
  if (expected.numel() == 0) return note(label, 0.0, bound, {});
  const bool exact = is_exact_type(expected);
  const at::Tensor a = actual.to(at::kDouble);
  const at::Tensor difference = (a - wide).abs();
  // Equal infinities subtract to NaN; they count as equal.
  const at::Tensor error = at::where(a.eq(wide), at::zeros_like(difference), difference);
  double worst = error.max().item<double>();
  if (std::isnan(worst)) worst = std::numeric_limits<double>::infinity();
  note(label, exact ? worst : worst / scale, exact ? 0.0 : bound,
       worst > 0.0 ? describe_difference(actual, expected) : std::string());
}

void Check::tensor_absolute(const std::string& label, const at::Tensor& actual,
                            const at::Tensor& expected, double bound) {
  compared_[label] = true;
  if (!actual.defined() || actual.sizes() != expected.sizes()) {
    fail(label + ": shape " + (actual.defined() ? shape_of(actual) : "undefined") + ", expected " +
         shape_of(expected));
    return;
  }
  if (expected.numel() == 0) return note(label, 0.0, bound, {});
  const at::Tensor a = actual.to(at::kDouble);
  const at::Tensor b = expected.to(at::kDouble);
  const at::Tensor error = at::where(a.eq(b), at::zeros_like(a), (a - b).abs());
  double worst = error.max().item<double>();
  if (std::isnan(worst)) worst = std::numeric_limits<double>::infinity();
  note(label, worst, bound, worst > bound ? describe_difference(actual, expected) : std::string());
}

void Check::equal(const std::string& label, const nlohmann::json& actual,
                  const nlohmann::json& expected) {
  ++comparisons_;
  if (actual == expected) return;
  constexpr std::size_t kShown = 400;
  const auto replace = nlohmann::json::error_handler_t::replace;
  fail(label + ": got " + actual.dump(-1, ' ', false, replace).substr(0, kShown) + ", expected " +
       expected.dump(-1, ' ', false, replace).substr(0, kShown));
}

void Check::measured(const std::string& label, double error, double bound) {
  note(label, error, bound, {});
}

void Check::not_compared(const std::string& name, std::string_view why) {
  if (why.empty()) fail(name + ": left out without a reason");
  compared_[name] = true;
}

void Check::fail(const std::string& what) { failures_.push_back(what); }

void Check::require_all_compared() {
  for (const auto& [name, value] : case_.tensors) {
    const bool is_result = has_prefix(name, "out.") || has_prefix(name, "mid.");
    if (is_result && !compared_[name]) fail(name + ": stored by the case but never compared");
  }
  if (comparisons_ == 0) fail("nothing was compared");
}

void Check::note(const std::string& label, double error, double bound, const std::string& detail) {
  ++comparisons_;
  if (!(error <= bound)) {
    std::ostringstream out;
    out << label << ": error " << error << " above the bound " << bound
        << (detail.empty() ? "" : "; ") << detail;
    fail(out.str());
  }
  const auto share = [](double e, double b) {
    return b > 0.0 ? e / b : (e > 0.0 ? std::numeric_limits<double>::infinity() : 0.0);
  };
  const bool first = comparisons_ == 1 || (worst_bound_ == 0.0 && worst_error_ == 0.0);
  if (first || share(error, bound) > share(worst_error_, worst_bound_)) {
    worst_error_ = error;
    worst_bound_ = bound;
  }
}

}  // namespace acestep::golden
