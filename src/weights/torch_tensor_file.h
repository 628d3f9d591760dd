// The silence latent that every DiT folder ships as silence_latent.pt.
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>

namespace acestep::weights {

// A file of torch.save that holds one float tensor. Returns it in float32 on the CPU (half and
// bfloat16 are widened), owning its memory. Throws Error kModel naming the file.
at::Tensor read_torch_tensor(const std::filesystem::path& file);

// Returns [1, 64, T] float32: T latent frames of silence at 25 Hz, 15000 in the published file.
// Throws Error kModel naming the file when the shape is another or a value is not finite.
at::Tensor read_silence_latent(const std::filesystem::path& file);

}  // namespace acestep::weights
