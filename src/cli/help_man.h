// The manual page acestep(1), made from the tables of commands and fields.
#pragma once

#include <string>

namespace acestep::cli {

// roff with the macros of man(7).
std::string help_man();

}  // namespace acestep::cli
