// An adapter as a whole: the changes of weights in its files, each known to be complete.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/adapter_files.h"
#include "adapters/part_names.h"
#include "adapters/peft_config.h"
#include "weights/tensor_source.h"

namespace acestep::adapters {

// The change of one weight.
struct ModuleChange {
  std::string name;  // as the file calls it
  Method method = Method::kLora;
  bool has_lengths = false;                // DoRA
  int64_t rank = 0;                        // 0: LoKr of two whole matrices
  double factor = 1.0;                     // of the product at scale 1
  std::map<Part, std::string> parts = {};  // names of tensors
  // The weight that it fits has this many rows, and numbers in each.
  int64_t rows = 0;
  int64_t row_length = 0;
};

// Immutable; its tensors stay in the mapped file. Thread-safe.
class Adapter final {
 public:
  // Throws Error kInput naming file and key for files that are missing or broken, tensors that are
  // no part of a LoRA, DoRA or LoKr, changes that lack a part, ranks that disagree.
  explicit Adapter(const std::filesystem::path& path);

  const std::string& name() const { return name_; }
  const AdapterFiles& files() const { return files_; }
  // 16 hexadecimal digits of the SHA-256 of all it holds.
  std::string digest() const;
  // "LoRA", "DoRA", "LoKr", "LoKr with DoRA", or several with "+" between.
  std::string methods() const;
  // By the names of their modules.
  const std::vector<ModuleChange>& changes() const { return changes_; }
  // Numbers in it, and "F32" or "BF16+F32".
  int64_t parameters() const;
  std::string types() const;

  // What `change` adds to `base`, a float32 weight on the CPU, at scale 1. Throws Error kInput when
  // that is not finite.
  at::Tensor difference(const ModuleChange& change, const at::Tensor& base) const;

 private:
  void gather_parts();
  void describe(ModuleChange& change) const;
  void describe_lora(ModuleChange& change) const;
  void describe_lokr(ModuleChange& change) const;
  void check_lengths(const ModuleChange& change) const;
  void check_config(const ModuleChange& change) const;
  double factor_of(const ModuleChange& change) const;
  std::optional<double> alpha_of(const ModuleChange& change) const;
  const std::vector<int64_t>& shape(const ModuleChange& change, Part part) const;
  std::string told(const ModuleChange& change, Part part) const;
  [[noreturn]] void refuse(const std::string& what) const;

  std::string name_;
  AdapterFiles files_;
  std::optional<PeftConfig> config_;
  std::optional<int64_t> whole_rank_;  // lokr_config's linear_dim: the rank of whole matrices
  std::unique_ptr<weights::TensorSource> source_;
  std::vector<ModuleChange> changes_;
};

}  // namespace acestep::adapters
