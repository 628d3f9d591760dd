#include "pipeline/merge_adapters.h"

#include <ATen/ATen.h>

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <utility>

#include "adapters/adapter.h"
#include "adapters/merged_source.h"
#include "util/error.h"
#include "weights/scalar_type.h"

namespace acestep::pipeline {
namespace {

// For people: nothing reads it.
nlohmann::json names_of(const std::vector<adapters::AdapterChoice>& choices) {
  nlohmann::json list = nlohmann::json::array();
  for (const adapters::AdapterChoice& choice : choices) {
    const adapters::Adapter adapter(choice.path);
    list.push_back(
        {{"name", adapter.name()}, {"digest", adapter.digest()}, {"scale", choice.scale}});
  }
  return list;
}

std::span<const std::byte> bytes_of(const at::Tensor& tensor) {
  return {static_cast<const std::byte*>(tensor.const_data_ptr()), tensor.nbytes()};
}

}  // namespace

MergedModel merge_adapters(const Merging& merging, const RewriteTarget& to,
                           const MergeProgress& progress, const util::StopToken& stop) {
  const hub::LocalModel model = look_before_rewriting(merging.from, to);
  if (model.kind != hub::ModelKind::kDit) {
    throw Error(ErrorCode::kModel, model.path.string() + ": is no diffusion transformer",
                "Adapters change those alone: acestep models list shows them.");
  }
  const auto source = adapters::open_merged(model.path, merging.adapters);
  NewWeights made;
  for (const std::string& name : source->names()) {
    const weights::TensorInfo& info = *source->find(name);
    made.tensors.push_back({name, weights::stored_type(info.dtype), info.shape});
  }
  made.edit_config = [&](nlohmann::json& config) {
    config["merged_adapters"] = names_of(merging.adapters);
  };
  made.origin = "merged from " + model.name;

  const uint64_t tensors = made.tensors.size();
  uint64_t done = 0;
  at::Tensor held;  // the bytes of the last answer
  made.bytes_of = [&](const weights::TensorShape& tensor) {
    stop.throw_if_stopped();
    held = source->tensor(tensor.name).contiguous();
    progress(++done, tensors);
    return bytes_of(held);
  };
  return {tensors, rewrite_model(model, to, std::move(made), stop)};
}

}  // namespace acestep::pipeline
