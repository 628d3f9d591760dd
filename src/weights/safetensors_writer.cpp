#include "weights/safetensors_writer.h"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>

#include "util/error.h"

namespace acestep::weights {
namespace {

constexpr size_t kAlignmentBytes = 8;

void check_names(const std::vector<TensorShape>& tensors) {
  std::set<std::string> names;
  for (const TensorShape& tensor : tensors) ACE_CHECK(names.insert(tensor.name).second);
}

// The header with its length in front, padded so that the data begin at a multiple of 8.
std::string header_text(const std::vector<TensorShape>& tensors,
                        const std::map<std::string, std::string>& metadata) {
  nlohmann::json header = nlohmann::json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  uint64_t begin = 0;
  for (const TensorShape& tensor : tensors) {
    const uint64_t end = begin + bytes_needed(tensor);
    header[tensor.name] = {{"dtype", stored_type_name(tensor.type)},
                           {"shape", tensor.shape},
                           {"data_offsets", {begin, end}}};
    begin = end;
  }
  std::string text = header.dump();
  text.resize((text.size() + kAlignmentBytes - 1) / kAlignmentBytes * kAlignmentBytes, ' ');
  std::string length(sizeof(uint64_t), '\0');
  for (size_t i = 0; i < length.size(); ++i) {
    length[i] = static_cast<char>(text.size() >> (8 * i) & 0xFF);
  }
  return length + text;
}

}  // namespace

uint64_t bytes_needed(const TensorShape& tensor) {
  uint64_t bytes = stored_type_bytes(tensor.type);
  for (const int64_t dimension : tensor.shape) bytes *= static_cast<uint64_t>(dimension);
  return bytes;
}

void write_safetensors_streamed(const std::filesystem::path& file, std::vector<TensorShape> tensors,
                                const BytesOf& bytes_of, const SafetensorsOptions& options) {
  check_names(tensors);
  // Wide numbers first: every tensor is then aligned to its own number size.
  std::sort(tensors.begin(), tensors.end(), [](const TensorShape& a, const TensorShape& b) {
    const uint64_t a_bytes = stored_type_bytes(a.type);
    const uint64_t b_bytes = stored_type_bytes(b.type);
    return a_bytes != b_bytes ? a_bytes > b_bytes : a.name < b.name;
  });
  util::AtomicFile output(file, options.existing);
  output.write(header_text(tensors, options.metadata));
  for (const TensorShape& tensor : tensors) {
    const std::span<const std::byte> bytes = bytes_of(tensor);
    ACE_CHECK(bytes.size() == bytes_needed(tensor));
    output.write(bytes);
  }
  output.commit();
}

void write_safetensors(const std::filesystem::path& file, std::vector<TensorBytes> tensors,
                       const SafetensorsOptions& options) {
  std::vector<TensorShape> shapes;
  std::map<std::string, std::span<const std::byte>> bytes_by_name;
  for (TensorBytes& tensor : tensors) {
    bytes_by_name[tensor.name] = tensor.bytes;
    shapes.push_back({std::move(tensor.name), tensor.type, std::move(tensor.shape)});
  }
  const auto bytes_of = [&](const TensorShape& tensor) { return bytes_by_name.at(tensor.name); };
  write_safetensors_streamed(file, std::move(shapes), bytes_of, options);
}

}  // namespace acestep::weights
