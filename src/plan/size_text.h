// Gibibytes: the unit of every size in this folder, written "GB" as on the box of a card.
#pragma once

#include <cstdint>
#include <string>

namespace acestep::plan {

inline constexpr double kBytesPerGib = 1024.0 * 1024.0 * 1024.0;

double to_gib(uint64_t bytes);
// The nearest whole byte; 0 for what is negative.
uint64_t to_bytes(double gib);

// "8.0", "15.49", "0.5": at most two digits behind the point and at least one.
std::string number_text(double gib);
// "8.0 GB"
std::string size_text(double gib);
// A bound of the table: "20", "15.5".
std::string bound_text(double gib);

}  // namespace acestep::plan
