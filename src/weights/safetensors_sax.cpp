#include "weights/safetensors_sax.h"

#include <array>
#include <limits>
#include <optional>
#include <utility>

#include "util/error.h"

namespace acestep::weights {
namespace {

constexpr std::string_view kMetadataKey = "__metadata__";

std::optional<StoredType> find_stored_type(std::string_view name) {
  using enum StoredType;
  for (const StoredType type : {kBool, kU8, kI8, kF8E4M3, kF8E5M2, kI16, kU16, kF16, kBF16, kI32,
                                kU32, kF32, kI64, kU64, kF64}) {
    if (stored_type_name(type) == name) return type;
  }
  return std::nullopt;
}

bool has_control_character(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20) return true;
  }
  return false;
}

}  // namespace

void SafetensorsSax::fail(const std::string& what) const {
  throw Error(ErrorCode::kModel, file_name_ + ": " + what,
              "The file is damaged or not a safetensors file; fetch it again.");
}

void SafetensorsSax::fail_tensor(const std::string& what) const {
  fail("tensor '" + tensor_.name + "': " + what);
}

bool SafetensorsSax::null() { fail("the header holds null at key '" + key_ + "'"); }

bool SafetensorsSax::boolean(bool) { fail("the header holds a boolean at key '" + key_ + "'"); }

bool SafetensorsSax::number_integer(number_integer_t) {
  fail("the header holds a negative number at key '" + key_ + "'");
}

bool SafetensorsSax::number_float(number_float_t, const string_t& text) {
  fail("the header holds the number " + text.substr(0, 40) + " at key '" + key_ +
       "', expected a whole number below 2^64");
}

bool SafetensorsSax::number_unsigned(number_unsigned_t value) {
  if (place_ == Place::kShape) {
    if (value > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) {
      fail_tensor("dimension " + std::to_string(value) + " is too large");
    }
    if (tensor_.shape.size() == kMaxRank) {
      fail_tensor("has more than " + std::to_string(kMaxRank) + " dimensions");
    }
    tensor_.shape.push_back(static_cast<int64_t>(value));
    return true;
  }
  if (place_ == Place::kOffsets) {
    if (offsets_.size() == 2) fail_tensor("data_offsets has more than 2 numbers");
    offsets_.push_back(value);
    return true;
  }
  fail("the header holds a number at key '" + key_ + "'");
}

bool SafetensorsSax::string(string_t& value) {
  if (place_ == Place::kMetadata) {
    header_.metadata[key_] = std::move(value);
    return true;
  }
  if (place_ != Place::kTensor || key_ != "dtype") {
    fail("the header holds a string at key '" + key_ + "'");
  }
  const std::optional<StoredType> type = find_stored_type(value);
  if (!type) fail_tensor("dtype '" + value.substr(0, 40) + "' is unknown");
  tensor_.type = *type;
  return true;
}

bool SafetensorsSax::binary(binary_t&) { fail("the header holds binary data"); }

bool SafetensorsSax::start_object(std::size_t) {
  if (place_ == Place::kOutside) {
    place_ = Place::kRoot;
  } else if (place_ == Place::kRoot && key_ == kMetadataKey) {
    place_ = Place::kMetadata;
  } else if (place_ == Place::kRoot) {
    start_tensor(key_);
  } else {
    fail("the header holds an object at key '" + key_ + "'");
  }
  return true;
}

bool SafetensorsSax::key(string_t& value) {
  if (place_ == Place::kTensor) {
    tensor_key(value);
  } else if (has_control_character(value)) {
    fail("a key of the header holds a control character");
  } else if (place_ == Place::kRoot && !names_.insert(value).second) {
    fail("the header lists '" + value + "' twice");
  } else if (place_ == Place::kMetadata && header_.metadata.contains(value)) {
    fail("__metadata__ lists '" + value + "' twice");
  }
  key_ = std::move(value);
  return true;
}

bool SafetensorsSax::end_object() {
  if (place_ == Place::kTensor) finish_tensor();
  place_ = place_ == Place::kRoot ? Place::kOutside : Place::kRoot;
  return true;
}

bool SafetensorsSax::start_array(std::size_t) {
  if (place_ == Place::kTensor && key_ == "shape") {
    place_ = Place::kShape;
  } else if (place_ == Place::kTensor && key_ == "data_offsets") {
    place_ = Place::kOffsets;
  } else {
    fail("the header holds an array at key '" + key_ + "'");
  }
  return true;
}

bool SafetensorsSax::end_array() {
  place_ = Place::kTensor;
  return true;
}

bool SafetensorsSax::parse_error(std::size_t position, const std::string&,
                                 const nlohmann::json::exception&) {
  fail("the header is not valid JSON at byte " + std::to_string(8 + position));
}

void SafetensorsSax::start_tensor(const std::string& name) {
  if (header_.tensors.size() == kMaxTensors) {
    fail("lists more than " + std::to_string(kMaxTensors) + " tensors");
  }
  place_ = Place::kTensor;
  tensor_ = {};
  tensor_.name = name;
  seen_ = {};
  offsets_.clear();
}

void SafetensorsSax::tensor_key(const std::string& name) {
  const std::array<std::pair<std::string_view, bool*>, 3> fields = {
      {{"dtype", &seen_.dtype}, {"shape", &seen_.shape}, {"data_offsets", &seen_.offsets}}};
  for (const auto& [field, seen] : fields) {
    if (name != field) continue;
    if (*seen) fail_tensor("has " + name + " twice");
    *seen = true;
    return;
  }
  fail_tensor("has the unknown field '" + name.substr(0, 40) + "'");
}

void SafetensorsSax::finish_tensor() {
  if (!seen_.dtype) fail_tensor("has no dtype");
  if (!seen_.shape) fail_tensor("has no shape");
  if (!seen_.offsets) fail_tensor("has no data_offsets");
  if (offsets_.size() != 2) fail_tensor("data_offsets needs 2 numbers");
  tensor_.begin = offsets_[0];
  tensor_.end = offsets_[1];
  header_.tensors.push_back(std::move(tensor_));
}

}  // namespace acestep::weights
