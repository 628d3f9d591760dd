#include "pipeline/convert_model.h"

#include <ATen/ATen.h>

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "hub/digest.h"
#include "hub/download_record.h"
#include "hub/local_model.h"
#include "pipeline/draft_folder.h"
#include "pipeline/model_check.h"
#include "util/atomic_file.h"
#include "util/error.h"
#include "util/strict_json.h"
#include "weights/safetensors_source.h"
#include "weights/safetensors_writer.h"
#include "weights/scalar_type.h"

namespace acestep::pipeline {
namespace {

namespace fs = std::filesystem;

void require_absent(const fs::path& target) {
  std::error_code error;
  if (!target.has_filename() ||
      fs::symlink_status(target, error).type() != fs::file_type::not_found) {
    throw Error(ErrorCode::kOutput, target.string() + ": is there already",
                "Choose a folder that does not exist yet, with --out.");
  }
}

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

// "model.safetensors" or "diffusion_pytorch_model.safetensors", as the source's weights are called.
std::string weight_file_name(const hub::LocalModel& model) {
  const std::string& name =
      model.index_file.empty() ? model.weights.front().name : model.index_file;
  const std::string stem = name.starts_with("diffusion_") ? "diffusion_pytorch_model" : "model";
  return stem + ".safetensors";
}

Converted write_weights(const Conversion& conversion, const fs::path& file,
                        const ConversionProgress& progress, const util::StopToken& stop) {
  const auto source = weights::open_model_folder(conversion.from);
  std::vector<weights::TensorShape> shapes;
  for (const std::string& name : source->names()) {
    const weights::TensorInfo& info = *source->find(name);
    const auto type = weights::stored_type(type_after(info.dtype, conversion.dtype));
    shapes.push_back({name, type, info.shape});
  }
  const uint64_t tensors = shapes.size();
  uint64_t done = 0;
  at::Tensor held;  // the bytes of the last answer
  const auto next_bytes = [&](const weights::TensorShape& tensor) {
    stop.throw_if_stopped();
    held = cast(source->tensor(tensor.name), tensor.name, conversion.dtype);
    source->release(tensor.name);
    progress(++done, tensors);
    return bytes_of(held);
  };
  weights::write_safetensors_streamed(file, std::move(shapes), next_bytes,
                                      {.metadata = {{"format", "pt"}}});
  return {tensors, fs::file_size(file)};
}

// The type's name under the keys that different versions of the writers use.
void write_config(const fs::path& from, const fs::path& to, at::ScalarType dtype) {
  nlohmann::json config = util::read_json_file(from, {}, ErrorCode::kModel);
  const std::string name = dtype == at::kFloat  ? "float32"
                           : dtype == at::kHalf ? "float16"
                                                : "bfloat16";
  for (const char* key : {"dtype", "torch_dtype"}) {
    if (config.contains(key)) config[key] = name;
  }
  util::write_atomically(to, config.dump(2) + "\n");
}

bool is_copied(const fs::path& file) {
  const std::string name = file.filename().string();
  const bool is_weights = name.ends_with(".safetensors") || name.ends_with(".index.json");
  return !is_weights && !name.ends_with(".part") && name != "config.json" &&
         name != hub::kRecordName && !name.starts_with(".");
}

void copy_companions(const fs::path& from, const fs::path& to) {
  for (const auto& item : fs::directory_iterator(from)) {
    std::error_code error;
    if (!item.is_regular_file(error) || !is_copied(item.path())) continue;
    const fs::path target = to / item.path().filename();
    fs::copy_file(item.path(), target, error);
    if (error) {
      throw Error(ErrorCode::kOutput, target.string() + ": cannot be written: " + error.message());
    }
  }
}

// So that models verify --hash knows what was written.
void write_record_of(const fs::path& folder, const std::string& name, const util::StopToken& stop) {
  hub::DownloadRecord record{"", "", "converted from " + name, {}};
  for (const auto& item : fs::directory_iterator(folder)) {
    const std::string file = item.path().filename().string();
    record.files.push_back({file, item.file_size(), hub::file_sha256(item.path(), stop)});
  }
  hub::write_record(folder, record);
}

}  // namespace

Converted convert_model(const Conversion& conversion, const ConversionProgress& progress,
                        const util::StopToken& stop) {
  require_absent(conversion.to);
  const hub::LocalModel model = hub::look_at_model(conversion.from);
  if (model.weights.empty()) {
    throw Error(ErrorCode::kModel, conversion.from.string() + ": holds no weights to convert",
                "acestep models list shows what is there.");
  }
  // A gap in the source is told as the source's.
  if (model.kind) check_model(*model.kind, conversion.from);
  DraftFolder draft(fs::absolute(conversion.to));
  const fs::path config = conversion.from / "config.json";
  const Converted result =
      write_weights(conversion, draft.path() / weight_file_name(model), progress, stop);
  copy_companions(conversion.from, draft.path());
  write_config(config, draft.path() / config.filename(), conversion.dtype);
  if (model.kind) check_model(*model.kind, draft.path());
  write_record_of(draft.path(), model.name, stop);
  draft.commit();
  return result;
}

}  // namespace acestep::pipeline
