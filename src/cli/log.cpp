#include "cli/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdlib>
#include <memory>
#include <string>

namespace acestep::cli {
namespace {

spdlog::level::level_enum level_of(const request::TerminalSettings& settings) {
  if (settings.quiet) return spdlog::level::err;
  const std::string& name = settings.log_level;
  if (name == "TRACE") return spdlog::level::trace;
  if (settings.verbose || name == "DEBUG") return spdlog::level::debug;
  if (name == "WARNING") return spdlog::level::warn;
  if (name == "ERROR") return spdlog::level::err;
  if (name == "CRITICAL") return spdlog::level::critical;
  return spdlog::level::info;
}

}  // namespace

void start_log(const request::TerminalSettings& settings) {
  const bool may_colour = std::getenv("NO_COLOR") == nullptr;
  auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>(
      may_colour ? spdlog::color_mode::automatic : spdlog::color_mode::never);
  auto logger = std::make_shared<spdlog::logger>("acestep", std::move(sink));
  logger->set_pattern("%^%l%$: %v");
  logger->set_level(level_of(settings));
  spdlog::set_default_logger(std::move(logger));
}

void log_findings(const request::Findings& findings) {
  for (const std::string& warning : findings.warnings) spdlog::warn("{}", warning);
  for (const auto& adjustment : findings.adjustments) spdlog::warn("{}", to_text(adjustment));
}

}  // namespace acestep::cli
