#include "weights/scalar_type.h"

#include "util/error.h"

namespace acestep::weights {

at::ScalarType scalar_type(StoredType type) {
  switch (type) {
    case StoredType::kBool:
      return at::kBool;
    case StoredType::kU8:
      return at::kByte;
    case StoredType::kI8:
      return at::kChar;
    case StoredType::kF8E4M3:
      return at::kFloat8_e4m3fn;
    case StoredType::kF8E5M2:
      return at::kFloat8_e5m2;
    case StoredType::kI16:
      return at::kShort;
    case StoredType::kU16:
      return at::kUInt16;
    case StoredType::kF16:
      return at::kHalf;
    case StoredType::kBF16:
      return at::kBFloat16;
    case StoredType::kI32:
      return at::kInt;
    case StoredType::kU32:
      return at::kUInt32;
    case StoredType::kF32:
      return at::kFloat;
    case StoredType::kI64:
      return at::kLong;
    case StoredType::kU64:
      return at::kUInt64;
    case StoredType::kF64:
      return at::kDouble;
  }
  ACE_CHECK(false);
}

StoredType stored_type(at::ScalarType type) {
  using enum StoredType;
  for (const StoredType candidate : {kBool, kU8, kI8, kF8E4M3, kF8E5M2, kI16, kU16, kF16, kBF16,
                                     kI32, kU32, kF32, kI64, kU64, kF64}) {
    if (scalar_type(candidate) == type) return candidate;
  }
  ACE_CHECK(false);
}

}  // namespace acestep::weights
