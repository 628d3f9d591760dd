#include "weights/safetensors.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "util/checked_math.h"
#include "util/error.h"
#include "weights/safetensors_sax.h"

namespace acestep::weights {
namespace {

constexpr uint64_t kLengthBytes = 8;

[[noreturn]] void fail(const std::string& file_name, const std::string& what) {
  throw Error(ErrorCode::kModel, file_name + ": " + what,
              "The file is damaged or incomplete; fetch it again.");
}

uint64_t read_header_bytes(std::span<const std::byte> file, const std::string& file_name) {
  if (file.size() < kLengthBytes) {
    fail(file_name, "has " + std::to_string(file.size()) +
                        " bytes, too few for the header length of a safetensors file");
  }
  uint64_t header_bytes = 0;
  for (size_t i = 0; i < kLengthBytes; ++i) {
    header_bytes |= std::to_integer<uint64_t>(file[i]) << (8 * i);
  }
  if (header_bytes > kMaxHeaderBytes) {
    fail(file_name, "declares a header of " + std::to_string(header_bytes) + " bytes, more than " +
                        std::to_string(kMaxHeaderBytes));
  }
  if (header_bytes > file.size() - kLengthBytes) {
    fail(file_name, "declares a header of " + std::to_string(header_bytes) + " bytes, but only " +
                        std::to_string(file.size() - kLengthBytes) + " follow");
  }
  return header_bytes;
}

// The JSON parser would stop at a NUL and take a leading space; the format allows neither.
void check_frame(std::string_view header, const std::string& file_name) {
  if (header.empty() || header.front() != '{')
    fail(file_name, "the header does not start with '{'");
  if (header.find('\0') != std::string_view::npos) fail(file_name, "the header holds a NUL byte");
  const size_t last = header.find_last_not_of(' ');
  if (header[last] != '}') fail(file_name, "the header does not end with '}' and spaces");
}

uint64_t expected_bytes(const StoredTensor& tensor, const std::string& file_name) {
  std::optional<uint64_t> product = stored_type_bytes(tensor.type);
  for (const int64_t dimension : tensor.shape) {
    product = util::checked_mul(*product, static_cast<uint64_t>(dimension));
    if (!product) fail(file_name, "tensor '" + tensor.name + "': its size overflows 64 bits");
  }
  return *product;
}

// Bytes must be covered once and only once: an overlap lets a small file expand many times, a gap
// hides other content.
void check_layout(const std::vector<StoredTensor>& tensors, uint64_t data_bytes,
                  const std::string& file_name) {
  uint64_t covered = 0;
  for (const StoredTensor& tensor : tensors) {
    const std::string subject = "tensor '" + tensor.name + "'";
    const std::string range =
        " at data bytes " + std::to_string(tensor.begin) + ".." + std::to_string(tensor.end);
    if (tensor.begin > tensor.end) fail(file_name, subject + range + " ends before it begins");
    if (tensor.end > data_bytes) {
      fail(file_name, subject + range + " lies beyond the " + std::to_string(data_bytes) +
                          " bytes of data in the file");
    }
    const uint64_t expected = expected_bytes(tensor, file_name);
    if (tensor.end - tensor.begin != expected) {
      fail(file_name, subject + range + " has " + std::to_string(tensor.end - tensor.begin) +
                          " bytes, but its shape and dtype need " + std::to_string(expected));
    }
    if (tensor.begin != covered) {
      fail(file_name, subject + range + " does not begin where the one before ends, at " +
                          std::to_string(covered));
    }
    covered = tensor.end;
  }
  if (covered != data_bytes) {
    fail(file_name, "has " + std::to_string(data_bytes) + " bytes of data, but its tensors fill " +
                        std::to_string(covered));
  }
}

}  // namespace

std::string_view stored_type_name(StoredType type) {
  switch (type) {
    case StoredType::kBool:
      return "BOOL";
    case StoredType::kU8:
      return "U8";
    case StoredType::kI8:
      return "I8";
    case StoredType::kF8E4M3:
      return "F8_E4M3";
    case StoredType::kF8E5M2:
      return "F8_E5M2";
    case StoredType::kI16:
      return "I16";
    case StoredType::kU16:
      return "U16";
    case StoredType::kF16:
      return "F16";
    case StoredType::kBF16:
      return "BF16";
    case StoredType::kI32:
      return "I32";
    case StoredType::kU32:
      return "U32";
    case StoredType::kF32:
      return "F32";
    case StoredType::kI64:
      return "I64";
    case StoredType::kU64:
      return "U64";
    case StoredType::kF64:
      return "F64";
  }
  ACE_CHECK(false);
}

uint64_t stored_type_bytes(StoredType type) {
  using enum StoredType;
  if (type <= kF8E5M2) return 1;
  if (type <= kBF16) return 2;
  if (type <= kF32) return 4;
  return 8;
}

SafetensorsHeader parse_safetensors(std::span<const std::byte> file, const std::string& file_name) {
  const uint64_t header_bytes = read_header_bytes(file, file_name);
  const std::string_view text(reinterpret_cast<const char*>(file.data()) + kLengthBytes,
                              header_bytes);
  check_frame(text, file_name);

  SafetensorsSax sax(file_name);
  nlohmann::json::sax_parse(text.begin(), text.end(), &sax);
  SafetensorsHeader header = sax.take_header();

  std::sort(header.tensors.begin(), header.tensors.end(),
            [](const StoredTensor& a, const StoredTensor& b) {
              return std::tie(a.begin, a.end, a.name) < std::tie(b.begin, b.end, b.name);
            });
  const uint64_t data_begin = kLengthBytes + header_bytes;
  check_layout(header.tensors, file.size() - data_begin, file_name);
  for (StoredTensor& tensor : header.tensors) {
    tensor.begin += data_begin;
    tensor.end += data_begin;
  }
  return header;
}

}  // namespace acestep::weights
