#include "pipeline/latents_file.h"

#include <ATen/ATen.h>

#include <cstring>
#include <string_view>

#include "util/error.h"
#include "util/mapped_file.h"
#include "weights/safetensors_source.h"
#include "weights/tensor_file_writer.h"

namespace acestep::pipeline {
namespace fs = std::filesystem;
namespace {

constexpr int64_t kChannels = 64;
constexpr const char* kTensor = "latents";

[[noreturn]] void fail(const fs::path& file, const std::string& what) {
  throw Error(ErrorCode::kInput, file.string() + ": " + what,
              "give latents as --save_latents and `acestep codec encode` write them");
}

at::Tensor read_raw(const fs::path& file) {
  const util::MappedFile mapped(file, ErrorCode::kInput);
  const auto bytes = static_cast<int64_t>(mapped.bytes().size());
  constexpr int64_t kFrameBytes = kChannels * static_cast<int64_t>(sizeof(float));
  if (bytes == 0 || bytes % kFrameBytes != 0) {
    fail(file, std::to_string(bytes) + " bytes are no whole number of frames of 64 float32 values");
  }
  at::Tensor latents = at::empty({bytes / kFrameBytes, kChannels}, at::kFloat);
  std::memcpy(latents.mutable_data_ptr(), mapped.bytes().data(), static_cast<std::size_t>(bytes));
  return latents;
}

at::Tensor read_tensor(const fs::path& file) {
  const auto source = weights::open_safetensors(file);
  if (source->find(kTensor) == nullptr) fail(file, "has no tensor 'latents'");
  const at::Tensor latents = source->tensor(kTensor);
  const bool has_frames = latents.dim() == 2 && latents.size(0) >= 1;
  if (!has_frames || latents.size(1) != kChannels) {
    fail(file, "tensor 'latents' has another shape than [T, 64]");
  }
  return latents.to(at::kFloat).clone();  // the file's mapping ends here
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

at::Tensor read_latents(const fs::path& file) {
  std::error_code error;
  if (!fs::is_regular_file(file, error)) fail(file, "is no file");
  const bool is_raw = latent_format_of(file) == LatentFormat::kRaw;
  at::Tensor latents = is_raw ? read_raw(file) : read_tensor(file);
  if (!at::isfinite(latents).all().item<bool>()) fail(file, "holds NaN or Inf");
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
