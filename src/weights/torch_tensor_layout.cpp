#include "weights/torch_tensor_layout.h"

#include <optional>
#include <string_view>

#include "util/checked_math.h"
#include "util/error.h"
#include "weights/stored_zip.h"
#include "weights/tensor_pickle.h"

namespace acestep::weights {
namespace {

constexpr std::string_view kZipMagic = "PK\x03\x04";
constexpr std::string_view kPickleName = "/data.pkl";

[[noreturn]] void fail(const std::string& file_name, const std::string& what) {
  throw Error(ErrorCode::kModel, file_name + ": " + what,
              "Only one contiguous float tensor, saved by torch.save, is accepted here.");
}

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// "silence_latent/": every entry lies in one folder named like the file that was saved.
std::string find_folder(const ZipEntries& entries, const std::string& file_name) {
  std::string folder;
  for (const auto& [name, content] : entries) {
    if (!name.ends_with(kPickleName)) continue;
    if (!folder.empty()) fail(file_name, "holds more than one pickle");
    folder = name.substr(0, name.size() - kPickleName.size() + 1);
  }
  if (folder.empty()) fail(file_name, "holds no data.pkl");
  return folder;
}

void check_byte_order(const ZipEntries& entries, const std::string& folder,
                      const std::string& file_name) {
  // Written since torch 2.1; older versions ran on little-endian machines.
  const auto place = entries.find(folder + "byteorder");
  if (place != entries.end() && text_of(place->second) != "little") {
    fail(file_name, "is not in little-endian byte order");
  }
}

void check_one_storage(const ZipEntries& entries, const std::string& folder,
                       const std::string& file_name) {
  int storages = 0;
  for (const auto& [name, content] : entries)
    storages += name.starts_with(folder + "data/") ? 1 : 0;
  if (storages != 1) {
    fail(file_name, "holds " + std::to_string(storages) + " storages, expected 1");
  }
}

// Row-major without gaps; the stride of a dimension of size 1 means nothing.
void check_contiguous(const PickledTensor& tensor, const std::string& file_name) {
  std::optional<uint64_t> elements = 1;
  for (size_t i = tensor.shape.size(); i-- > 0;) {
    if (tensor.shape[i] != 1 && static_cast<uint64_t>(tensor.strides[i]) != *elements) {
      fail(file_name, "the tensor is not contiguous");
    }
    elements = util::checked_mul(*elements, static_cast<uint64_t>(tensor.shape[i]));
    if (!elements) fail(file_name, "the tensor's size overflows 64 bits");
  }
  if (tensor.offset != 0 || *elements == 0 ||
      *elements != static_cast<uint64_t>(tensor.storage_elements)) {
    fail(file_name, "the tensor has " + std::to_string(*elements) + " elements at offset " +
                        std::to_string(tensor.offset) + ", but its storage " +
                        std::to_string(tensor.storage_elements));
  }
}

}  // namespace

TorchTensorLayout parse_torch_tensor(std::span<const std::byte> file,
                                     const std::string& file_name) {
  if (!text_of(file).starts_with(kZipMagic)) {
    fail(file_name, "is not in the zip layout that torch.save writes since version 1.6");
  }
  const ZipEntries entries = read_stored_zip(file, file_name);
  const std::string folder = find_folder(entries, file_name);
  check_byte_order(entries, folder, file_name);
  check_one_storage(entries, folder, file_name);

  PickledTensor tensor = read_tensor_pickle(entries.at(folder + "data.pkl"), file_name);
  check_contiguous(tensor, file_name);
  const auto storage = entries.find(folder + "data/" + tensor.storage);
  if (storage == entries.end()) fail(file_name, "lacks the storage '" + tensor.storage + "'");
  const auto expected = util::checked_mul(static_cast<uint64_t>(tensor.storage_elements),
                                          stored_type_bytes(tensor.type));
  if (!expected || storage->second.size() != *expected) {
    fail(file_name, "the storage has " + std::to_string(storage->second.size()) +
                        " bytes, which does not fit its " +
                        std::to_string(tensor.storage_elements) + " elements");
  }
  return {tensor.type, std::move(tensor.shape), storage->second};
}

}  // namespace acestep::weights
