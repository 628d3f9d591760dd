#include "weights/shape_text.h"

namespace acestep::weights {

std::string shape_text(c10::ArrayRef<int64_t> shape) {
  std::string text = "[";
  for (const int64_t size : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(size);
  return text + "]";
}

}  // namespace acestep::weights
