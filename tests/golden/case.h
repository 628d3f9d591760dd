// One golden case and what a kind's runner does with it: compare, and leave nothing uncompared.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace acestep::golden {

// A case as found on disk. For set "acoustic" one entry of index.json; for "lm" one JSON file (kind
// = file stem); for "e2e" one song folder (kind "song") or lm_calls.json (kind "lm_calls").
struct Case {
  std::string set;  // acoustic, lm, e2e
  std::string kind;
  std::string name;
  nlohmann::json entry;                       // index entry, or the parsed JSON file
  std::map<std::string, at::Tensor> tensors;  // of the case's safetensors file, if any
  nlohmann::json data;                        // content of the case's own JSON file, if any
  std::filesystem::path folder;               // the set's folder (for e2e: the song's folder)
  std::filesystem::path checkpoints;          // the set's checkpoint folder

  // The tensor `name`; throws when absent.
  const at::Tensor& tensor(const std::string& name) const;
  bool has(const std::string& name) const;
};

// Error bounds on float32 CPU. Errors are relative to the reference's own standard deviation.
inline constexpr double kModuleBound = 1e-4;
inline constexpr double kLoopBound = 5e-4;  // sampling loops and VAE

// Collects the comparisons of one case.
class Check {
 public:
  explicit Check(const Case& the_case) : case_(the_case) {}

  // Compares with the case's own tensor `name` (out.* or mid.*): shape exact, error max|a-b| at
  // most bound · std(reference). Integer and bool tensors must be equal.
  void tensor(const std::string& name, const at::Tensor& actual, double bound = kModuleBound);
  // Compares with any tensor under a label of its own.
  void tensor(const std::string& label, const at::Tensor& actual, const at::Tensor& expected,
              double bound);
  // Absolute bound max|a-b| <= bound.
  void tensor_absolute(const std::string& label, const at::Tensor& actual,
                       const at::Tensor& expected, double bound);
  // Exact equality of anything JSON can hold (strings, integers, lists). Floats exactly too.
  void equal(const std::string& label, const nlohmann::json& actual,
             const nlohmann::json& expected);
  // A scalar error measured by the runner against its bound.
  void measured(const std::string& label, double error, double bound);
  // A stored tensor that is an input by nature or not comparable; say why.
  void not_compared(const std::string& name, std::string_view why);
  // Marks one sub-case of a many-case file as run.
  void count(int64_t sub_cases = 1) { sub_cases_ += sub_cases; }
  void fail(const std::string& what);

  // Adds a failure for each out.*/mid.* tensor that was never compared.
  void require_all_compared();

  const std::vector<std::string>& failures() const { return failures_; }
  int64_t comparisons() const { return comparisons_; }
  int64_t sub_cases() const { return sub_cases_; }
  // The comparison that came closest to its bound: error / bound, and both.
  double worst_error() const { return worst_error_; }
  double worst_bound() const { return worst_bound_; }

 private:
  void note(const std::string& label, double error, double bound, const std::string& detail);

  const Case& case_;
  std::map<std::string, bool> compared_;
  std::vector<std::string> failures_;
  int64_t comparisons_ = 0;
  int64_t sub_cases_ = 0;
  double worst_error_ = 0.0;
  double worst_bound_ = 0.0;
};

using Runner = std::function<void(const Case&, Check&)>;
// key: "<set>/<kind>".
using KindTable = std::map<std::string, Runner>;

}  // namespace acestep::golden
