#include "adapters/merged_source.h"

#include <ATen/ATen.h>
#include <spdlog/spdlog.h>

#include <map>
#include <utility>

#include "adapters/adapter.h"
#include "adapters/target_names.h"
#include "adapters/weight_change.h"
#include "util/error.h"
#include "weights/safetensors_source.h"
#include "weights/shape_text.h"

namespace acestep::adapters {
namespace {

using weights::TensorInfo;
using weights::TensorSource;

constexpr std::size_t kShownProblems = 6;

int64_t numbers_in(const std::vector<int64_t>& shape) {
  int64_t numbers = 1;
  for (const int64_t size : shape) numbers *= size;
  return numbers;
}

bool fits(const ModuleChange& change, const TensorInfo& weight) {
  return !weight.shape.empty() && weight.shape.front() == change.rows &&
         numbers_in(weight.shape) == change.rows * change.row_length;
}

[[noreturn]] void refuse_int8(const TensorSource& base, const Adapter& adapter,
                              const std::string& weight) {
  throw Error(ErrorCode::kInput,
              base.description() + ": adapter '" + adapter.name() + "' changes '" + weight +
                  "', which is stored in INT8",
              "Use the model that the INT8 folder was made of: with --quantization "
              "int8_weight_only it is quantised after merging.");
}

class MergedSource final : public TensorSource {
 public:
  MergedSource(std::unique_ptr<TensorSource> base, const std::vector<AdapterChoice>& choices)
      : base_(std::move(base)) {
    const TargetNames targets(base_->names());
    for (const AdapterChoice& choice : choices) {
      adapters_.push_back({std::make_unique<Adapter>(choice.path), choice.scale});
      bind(adapters_.back(), targets);
    }
  }

  std::string description() const override { return base_->description(); }
  std::vector<std::string> names() const override { return base_->names(); }
  const TensorInfo* find(std::string_view name) const override { return base_->find(name); }
  void release(std::string_view name) const override { base_->release(name); }

  at::Tensor tensor(std::string_view name) const override {
    const at::Tensor stored = base_->tensor(name);
    const auto found = uses_.find(name);
    if (found == uses_.end()) return stored;
    const at::Tensor base = stored.to(at::kFloat);
    at::Tensor merged = base.clone();
    for (const Use& use : found->second) {
      merged.add_(scaled(use.adapter->difference(*use.change, base), use.scale));
    }
    at::Tensor rounded = merged.to(stored.scalar_type());
    base_->release(name);
    if (at::isfinite(rounded).all().item<bool>()) return rounded;
    throw Error(ErrorCode::kInput,
                base_->description() + ": '" + std::string(name) +
                    "' has numbers that are not finite with its adapters merged",
                "Choose smaller scales.");
  }

 private:
  struct Chosen {
    std::unique_ptr<Adapter> adapter;
    double scale;
  };
  struct Use {
    const Adapter* adapter;
    const ModuleChange* change;
    double scale;
  };

  void bind(const Chosen& chosen, const TargetNames& targets) {
    const Adapter& adapter = *chosen.adapter;
    std::map<std::string, std::string> taken;  // weight -> module
    std::vector<std::string> problems;
    for (const ModuleChange& change : adapter.changes()) {
      const auto weight = targets.find(change.name);
      if (!weight) {
        problems.push_back(unknown(change, targets, problems.size()));
        continue;
      }
      const TensorInfo& info = *base_->find(*weight);
      if (info.dtype == at::kChar) refuse_int8(*base_, adapter, *weight);
      const auto [place, is_new] = taken.emplace(*weight, change.name);
      if (!fits(change, info)) {
        problems.push_back("'" + change.name + "' changes " + std::to_string(change.rows) +
                           " rows of " + std::to_string(change.row_length) + ", but '" + *weight +
                           "' is " + weights::shape_text(info.shape));
      } else if (!is_new) {
        problems.push_back("'" + change.name + "' and '" + place->second + "' both change '" +
                           *weight + "'");
      } else {
        uses_[*weight].push_back({&adapter, &change, chosen.scale});
      }
    }
    if (!problems.empty()) refuse(adapter, problems);
    spdlog::debug("merging adapter {} at scale {} into {} weights of {}", adapter.name(),
                  chosen.scale, adapter.changes().size(), base_->description());
  }

  // The nearest name is looked up for those that are shown.
  static std::string unknown(const ModuleChange& change, const TargetNames& targets,
                             std::size_t place) {
    const auto near = place < kShownProblems ? targets.nearest(change.name) : std::nullopt;
    return "'" + change.name + "' names no weight" +
           (near ? "; the nearest is '" + *near + "'" : "");
  }

  [[noreturn]] void refuse(const Adapter& adapter, const std::vector<std::string>& problems) const {
    std::string message = adapter.files().weights.string() + ": does not fit " +
                          base_->description() + ", " + std::to_string(problems.size()) + " of " +
                          std::to_string(adapter.changes().size()) + " changes differ";
    for (std::size_t i = 0; i < problems.size() && i < kShownProblems; ++i) {
      message += "\n  " + problems[i];
    }
    if (problems.size() > kShownProblems) {
      message += "\n  and " + std::to_string(problems.size() - kShownProblems) + " more";
    }
    throw Error(ErrorCode::kInput, message,
                "Choose the diffusion model that the adapter was trained on with --model: those of "
                "2B and XL differ in shape.");
  }

  std::unique_ptr<TensorSource> base_;
  std::vector<Chosen> adapters_;
  std::map<std::string, std::vector<Use>, std::less<>> uses_;  // by weight
};

}  // namespace

std::unique_ptr<TensorSource> open_merged(const std::filesystem::path& model,
                                          const std::vector<AdapterChoice>& adapters) {
  auto base = weights::open_model_folder(model);
  if (adapters.empty()) return base;
  return std::make_unique<MergedSource>(std::move(base), adapters);
}

}  // namespace acestep::adapters
