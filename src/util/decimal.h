// Numbers rounded to decimal places.
#pragma once

#include <string>

namespace acestep::util {

// "12.50" for 2 places, correctly rounded from the exact binary value.
std::string decimal_text(double number, int places);
// The double nearest to that.
double rounded(double number, int places);

}  // namespace acestep::util
