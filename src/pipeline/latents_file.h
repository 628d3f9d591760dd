// Latents in files: safetensors, as songs keep them, or the bare numbers that acestep.cpp keeps.
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <string>

#include "util/atomic_file.h"

namespace acestep::pipeline {

enum class LatentFormat {
  kSafetensors,  // a tensor "latents" [T, 64] float32
  kRaw,          // ".vae": T·64 little-endian float32 numbers, frame by frame
};

// "safetensors" or "vae"; Error kUsage otherwise.
LatentFormat parse_latent_format(const std::string& name);
// By the file's ending; Error kUsage for another one.
LatentFormat latent_format_of(const std::filesystem::path& file);

// [T, 64] float32, T >= 1. option: that named the file, for messages ("--src_latents"); empty:
// none. Throws Error kInput naming both for a file that is missing, broken or holds other numbers,
// or some that are not finite; kUsage for another ending.
at::Tensor read_latents(const std::filesystem::path& file, const std::string& option = {});

// latents: [T, 64]. Throws Error kOutput.
void write_latents(const std::filesystem::path& file, const at::Tensor& latents,
                   LatentFormat format, util::Existing existing);

}  // namespace acestep::pipeline
