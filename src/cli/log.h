// Log lines on standard error: one fact each.
#pragma once

#include "request/findings.h"
#include "request/settings.h"

namespace acestep::cli {

// Makes spdlog's default logger write to standard error at the level that log_level, --verbose and
// --quiet ask for; coloured on a terminal unless NO_COLOR is set.
void start_log(const request::TerminalSettings& settings);

// Warnings and adjustments, one line each.
void log_findings(const request::Findings& findings);

}  // namespace acestep::cli
