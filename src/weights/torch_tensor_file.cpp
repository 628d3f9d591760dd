#include "weights/torch_tensor_file.h"

#include <ATen/ATen.h>

#include <cstring>
#include <sstream>

#include "util/error.h"
#include "util/mapped_file.h"
#include "weights/scalar_type.h"
#include "weights/torch_tensor_layout.h"

namespace acestep::weights {
namespace {

// 64 channels of the audio codec (reference: vae/config.json decoder_input_channels).
constexpr int64_t kLatentChannels = 64;

}  // namespace

at::Tensor read_torch_tensor(const std::filesystem::path& file) {
  const util::MappedFile mapped(file, ErrorCode::kModel);
  const TorchTensorLayout layout = parse_torch_tensor(mapped.bytes(), file.string());
  at::Tensor stored =
      at::empty(layout.shape, at::TensorOptions().dtype(scalar_type(layout.type)).device(at::kCPU));
  std::memcpy(stored.data_ptr(), layout.values.data(), layout.values.size());
  return stored.to(at::kFloat);
}

at::Tensor read_silence_latent(const std::filesystem::path& file) {
  at::Tensor latent = read_torch_tensor(file);
  if (latent.dim() != 3 || latent.size(0) != 1 || latent.size(1) != kLatentChannels) {
    std::ostringstream shape;
    shape << latent.sizes();
    throw Error(ErrorCode::kModel,
                file.string() + ": the tensor is " + shape.str() + ", expected [1, 64, frames]");
  }
  if (!at::isfinite(latent).all().item<bool>()) {
    throw Error(ErrorCode::kModel, file.string() + ": the tensor holds NaN or infinite values",
                "The file is damaged; fetch it again.");
  }
  return latent;
}

}  // namespace acestep::weights
