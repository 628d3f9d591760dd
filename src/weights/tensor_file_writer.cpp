#include "weights/tensor_file_writer.h"

#include <ATen/ATen.h>

#include <utility>
#include <vector>

#include "weights/scalar_type.h"

namespace acestep::weights {

void write_tensors(const std::filesystem::path& file,
                   const std::map<std::string, at::Tensor>& tensors,
                   const SafetensorsOptions& options) {
  std::vector<at::Tensor> kept;  // what the spans below point into
  std::vector<TensorBytes> bytes;
  for (const auto& [name, tensor] : tensors) {
    const at::Tensor& stored = kept.emplace_back(tensor.to(at::kCPU).contiguous());
    bytes.push_back({name,
                     stored_type(stored.scalar_type()),
                     stored.sizes().vec(),
                     {static_cast<const std::byte*>(stored.const_data_ptr()), stored.nbytes()}});
  }
  write_safetensors(file, std::move(bytes), options);
}

}  // namespace acestep::weights
