// Shapes in messages.
#pragma once

#include <c10/util/ArrayRef.h>

#include <cstdint>
#include <string>

namespace acestep::weights {

// "[48, 112]"
std::string shape_text(c10::ArrayRef<int64_t> shape);

}  // namespace acestep::weights
