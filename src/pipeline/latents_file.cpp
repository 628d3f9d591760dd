#include "pipeline/latents_file.h"

#include <ATen/ATen.h>

#include <cstring>
#include <memory>

#include "util/error.h"
#include "util/mapped_file.h"
#include "weights/safetensors_source.h"
#include "weights/tensor_file_writer.h"

namespace acestep::pipeline {
namespace fs = std::filesystem;
namespace {

constexpr int64_t kChannels = 64;
constexpr const char* kTensor = "latents";

// A file of latents as messages call it.
struct NamedFile {
  const fs::path& path;
  const std::string& option;

  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorCode::kInput,
                (option.empty() ? "" : option + ": ") + path.string() + ": " + what,
                "give latents as --save_latents and `acestep codec encode` write them");
  }
};

at::Tensor read_raw(const NamedFile& file) {
  const util::MappedFile mapped(file.path, ErrorCode::kInput);
  const auto bytes = static_cast<int64_t>(mapped.bytes().size());
  constexpr int64_t kFrameBytes = kChannels * static_cast<int64_t>(sizeof(float));
  if (bytes == 0 || bytes % kFrameBytes != 0) {
    file.fail(std::to_string(bytes) + " bytes are no whole number of frames of 64 float32 values");
  }
  at::Tensor latents = at::empty({bytes / kFrameBytes, kChannels}, at::kFloat);
  std::memcpy(latents.mutable_data_ptr(), mapped.bytes().data(), static_cast<std::size_t>(bytes));
  return latents;
}

std::unique_ptr<weights::TensorSource> open(const NamedFile& file) {
  try {
    return weights::open_safetensors(file.path);
  } catch (const Error& error) {
    file.fail(error.message());
  }
}

at::Tensor read_tensor(const NamedFile& file) {
  const auto source = open(file);
  const weights::TensorInfo* info = source->find(kTensor);
  const bool fits = info != nullptr && c10::isFloatingType(info->dtype) &&
                    info->shape.size() == 2 && info->shape[0] >= 1 && info->shape[1] == kChannels;
  if (!fits) file.fail("holds no tensor 'latents' of floating point numbers [T, 64]");
  return source->tensor(kTensor).to(at::kFloat).clone();  // the file's mapping ends here
}

}  // namespace

LatentFormat parse_latent_format(const std::string& name) {
  if (name == "safetensors") return LatentFormat::kSafetensors;
  if (name == "vae") return LatentFormat::kRaw;
  throw Error(ErrorCode::kUsage, "latent format '" + name + "' is none", "safetensors or vae");
}

LatentFormat latent_format_of(const fs::path& file) {
  const std::string ending = file.extension().string();
  return parse_latent_format(ending.empty() ? ending : ending.substr(1));
}

at::Tensor read_latents(const fs::path& path, const std::string& option) {
  const NamedFile file{path, option};
  std::error_code error;
  if (!fs::is_regular_file(path, error)) file.fail("there is no such file");
  const bool is_raw = latent_format_of(path) == LatentFormat::kRaw;
  at::Tensor latents = is_raw ? read_raw(file) : read_tensor(file);
  if (!at::isfinite(latents).all().item<bool>()) file.fail("holds NaN or Inf");
  return latents;
}

void write_latents(const fs::path& file, const at::Tensor& latents, LatentFormat format,
                   util::Existing existing) {
  const at::Tensor values = latents.to(at::kCPU, at::kFloat).contiguous();
  if (format == LatentFormat::kSafetensors) {
    weights::write_tensors(file, {{kTensor, values}},
                           {.metadata = {{"latent_rate_hz", "25"}}, .existing = existing});
    return;
  }
  util::write_atomically(file, {static_cast<const char*>(values.const_data_ptr()), values.nbytes()},
                         existing);
}

}  // namespace acestep::pipeline
