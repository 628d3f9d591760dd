#include "fuzz/outcome.h"
#include "fuzz/targets.h"
#include "weights/safetensors.h"
#include "weights/tensor_pickle.h"
#include "weights/torch_tensor_layout.h"

namespace acestep::fuzz {

int fuzz_safetensors(const uint8_t* bytes, size_t count) {
  return outcome(ErrorCode::kModel, [&] {
    const auto header = weights::parse_safetensors(as_span(bytes, count), "file");
    for (const weights::StoredTensor& tensor : header.tensors) {
      require(tensor.begin <= tensor.end && tensor.end <= count, "a tensor outside the file");
    }
  });
}

int fuzz_torch_tensor(const uint8_t* bytes, size_t count) {
  return outcome(ErrorCode::kModel, [&] {
    const std::span<const std::byte> file = as_span(bytes, count);
    const auto layout = weights::parse_torch_tensor(file, "file");
    require(layout.values.data() >= file.data(), "values before the file");
    require(layout.values.data() + layout.values.size() <= file.data() + count,
            "values behind the file");
  });
}

int fuzz_tensor_pickle(const uint8_t* bytes, size_t count) {
  return outcome(ErrorCode::kModel, [&] {
    const auto tensor = weights::read_tensor_pickle(as_span(bytes, count), "file");
    require(tensor.shape.size() == tensor.strides.size(), "shape and strides differ in length");
  });
}

}  // namespace acestep::fuzz
