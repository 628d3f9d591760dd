#include "cli/log.h"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "cli/log_format.h"
#include "request/text.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

namespace fs = std::filesystem;
using request::TerminalSettings;
using spdlog::level::level_enum;

level_enum level_named(const std::string& name) {
  if (name == "TRACE") return level_enum::trace;
  if (name == "DEBUG") return level_enum::debug;
  if (name == "WARNING") return level_enum::warn;
  if (name == "ERROR") return level_enum::err;
  if (name == "CRITICAL") return level_enum::critical;
  return level_enum::info;
}

spdlog::color_mode color_mode_of(const TerminalSettings& settings) {
  if (settings.log_format == "json" || settings.color == "never") return spdlog::color_mode::never;
  if (settings.color == "always") return spdlog::color_mode::always;
  // no-color.org: set to anything but nothing.
  const char* no_color = std::getenv("NO_COLOR");
  const bool refuses = no_color != nullptr && *no_color != '\0';
  return refuses ? spdlog::color_mode::never : spdlog::color_mode::automatic;
}

spdlog::sink_ptr terminal_sink(const TerminalSettings& settings) {
  auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>(color_mode_of(settings));
  sink->set_formatter(settings.log_format == "json" ? json_lines() : terminal_lines());
  sink->set_color(level_enum::critical, sink->red_bold);
  sink->set_level(log_levels(settings).terminal);
  return sink;
}

spdlog::sink_ptr file_sink(const TerminalSettings& settings) {
  const fs::path file = settings.log_file;
  const fs::path folder = file.has_parent_path() ? file.parent_path() : ".";
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    throw Error(ErrorCode::kOutput,
                "log_file: the folder " + request::in_quotes(folder.string()) + " does not exist");
  }
  try {
    auto sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(file.string());
    sink->set_formatter(settings.log_format == "json" ? json_lines() : dated_lines());
    sink->set_level(log_levels(settings).file);
    return sink;
  } catch (const spdlog::spdlog_ex&) {
    throw Error(ErrorCode::kOutput,
                "log_file: " + request::in_quotes(file.string()) + " cannot be written");
  }
}

}  // namespace

LogLevels log_levels(const TerminalSettings& settings) {
  level_enum level = level_named(settings.log_level);
  if (settings.verbose) level = std::min(level, level_enum::debug);
  return {.terminal = settings.quiet ? std::max(level, level_enum::err) : level, .file = level};
}

void start_log(const TerminalSettings& settings) {
  std::vector<spdlog::sink_ptr> sinks = {terminal_sink(settings)};
  if (!settings.log_file.empty()) sinks.push_back(file_sink(settings));
  auto logger = std::make_shared<spdlog::logger>("acestep", sinks.begin(), sinks.end());
  logger->set_level(level_enum::trace);  // the sinks decide
  logger->flush_on(level_enum::trace);
  spdlog::set_default_logger(std::move(logger));
}

void log_failure(const std::string& message, const std::string& hint) {
  spdlog::critical("{}", hint.empty() ? message : message + "\n" + hint);
}

void log_findings(const request::Findings& findings) {
  for (const std::string& warning : findings.warnings) spdlog::warn("{}", warning);
  for (const auto& adjustment : findings.adjustments) spdlog::warn("{}", to_text(adjustment));
}

}  // namespace acestep::cli
