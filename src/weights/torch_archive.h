// A single tensor as torch.save writes it.
#pragma once

#include <string>

#include "weights/safetensors_writer.h"
#include "weights/tensor_pickle.h"

namespace acestep::weights {

// The pickle that read_tensor_pickle() reads.
std::string write_tensor_pickle(const PickledTensor& tensor);

// The bytes of a .pt file with one contiguous tensor of type kF32, kF16 or kBF16 and at most 4
// dimensions. tensor.name: the archive's folder, such as "silence_latent".
std::string write_torch_archive(const TensorBytes& tensor);

}  // namespace acestep::weights
