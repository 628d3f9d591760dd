// Log lines on standard error and in --log_file: one fact each.
#pragma once

#include <spdlog/common.h>

#include <string>

#include "request/findings.h"
#include "request/settings.h"

namespace acestep::cli {

// Least important line that is shown.
struct LogLevels {
  spdlog::level::level_enum terminal;  // --quiet: errors; else as the file
  spdlog::level::level_enum file;      // log_level; --verbose: at least DEBUG
};
LogLevels log_levels(const request::TerminalSettings& settings);

// Makes spdlog's default logger write to standard error, and to the end of log_file if one is
// named, as log_level, log_format, color, --verbose and --quiet ask for. Throws Error kOutput when
// log_file cannot be opened or its folder does not exist.
void start_log(const request::TerminalSettings& settings);

// What ended the program, and what to do about it; shown at every level.
void log_failure(const std::string& message, const std::string& hint);

// Warnings and adjustments, one line each.
void log_findings(const request::Findings& findings);

}  // namespace acestep::cli
