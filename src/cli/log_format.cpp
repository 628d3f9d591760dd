#include "cli/log_format.h"

#include <fmt/chrono.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>

namespace acestep::cli {
namespace {

std::string time_text(spdlog::log_clock::time_point time) {
  using std::chrono::milliseconds;
  const auto since = std::chrono::floor<milliseconds>(time.time_since_epoch());
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(spdlog::log_clock::to_time_t(time)),
                     since.count() % 1000);
}

std::string level_text(spdlog::level::level_enum level) {
  const spdlog::string_view_t name = spdlog::level::to_string_view(level);
  return {name.data(), name.size()};
}

std::string terminal_line(const spdlog::details::log_msg& line) {
  const bool ends_program = line.level == spdlog::level::critical;
  const std::string prefix = ends_program ? "acestep: error" : level_text(line.level);
  line.color_range_start = 0;
  line.color_range_end = prefix.size();
  return prefix + ": " + std::string(line.payload.begin(), line.payload.end());
}

std::string dated_line(const spdlog::details::log_msg& line) {
  std::string text = time_text(line.time) + " " + level_text(line.level) + ": ";
  for (const char c : line.payload) {
    text += c;
    if (c == '\n') text += "    ";
  }
  return text;
}

std::string json_line(const spdlog::details::log_msg& line) {
  const nlohmann::ordered_json object = {
      {"time", time_text(line.time)},
      {"level", level_text(line.level)},
      {"message", std::string(line.payload.begin(), line.payload.end())}};
  return object.dump(-1, ' ', /*ensure_ascii=*/false, nlohmann::json::error_handler_t::replace);
}

class LineFormatter final : public spdlog::formatter {
 public:
  using Write = std::string (*)(const spdlog::details::log_msg& line);

  explicit LineFormatter(Write write) : write_(write) {}

  void format(const spdlog::details::log_msg& line, spdlog::memory_buf_t& out) override {
    const std::string text = write_(line) + '\n';
    out.append(text.data(), text.data() + text.size());
  }
  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<LineFormatter>(write_);
  }

 private:
  Write write_;
};

}  // namespace

std::unique_ptr<spdlog::formatter> terminal_lines() {
  return std::make_unique<LineFormatter>(terminal_line);
}

std::unique_ptr<spdlog::formatter> dated_lines() {
  return std::make_unique<LineFormatter>(dated_line);
}

std::unique_ptr<spdlog::formatter> json_lines() {
  return std::make_unique<LineFormatter>(json_line);
}

}  // namespace acestep::cli
