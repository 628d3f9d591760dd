// How log lines are written: for people at a terminal, for later, and for programs.
#pragma once

#include <spdlog/formatter.h>

#include <memory>

namespace acestep::cli {

// "warning: MESSAGE", the level coloured where the sink colours; what ends the program is logged as
// critical and reads "acestep: error: MESSAGE".
std::unique_ptr<spdlog::formatter> terminal_lines();

// "2026-01-31T23:59:58.123Z warning: MESSAGE", UTC; further lines of a message are indented.
std::unique_ptr<spdlog::formatter> dated_lines();

// {"time":"2026-01-31T23:59:58.123Z","level":"warning","message":"MESSAGE"}
std::unique_ptr<spdlog::formatter> json_lines();

}  // namespace acestep::cli
