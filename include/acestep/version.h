// The version of the program and of the numbers it produces.
#pragma once

namespace acestep {

inline constexpr char kVersion[] = "0.1.0";

}  // namespace acestep
