#include "util/decimal.h"

#include <charconv>

#include "util/error.h"

namespace acestep::util {

std::string decimal_text(double number, int places) {
  char text[400];  // more than the longest double has digits
  const auto end =
      std::to_chars(text, text + sizeof(text), number, std::chars_format::fixed, places);
  ACE_CHECK(end.ec == std::errc());
  return {text, end.ptr};
}

double rounded(double number, int places) {
  const std::string text = decimal_text(number, places);
  double result = 0.0;
  std::from_chars(text.data(), text.data() + text.size(), result);
  return result;
}

}  // namespace acestep::util
