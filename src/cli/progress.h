// Tells on standard error how far a song is: a bar, plain lines, or one JSON object a line.
#pragma once

#include <chrono>
#include <functional>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "cli/bar_line.h"
#include "request/settings.h"
#include "song/observer.h"

namespace acestep::cli {

enum class ProgressStyle { kNone, kBar, kPlain, kJson };

// mode: the option's value. auto is a bar on a terminal and plain lines elsewhere.
ProgressStyle progress_style(const std::string& mode, bool is_quiet, bool is_terminal);
// The same with --log_format json: auto then is json, so that every line is an object.
ProgressStyle progress_style(const request::TerminalSettings& settings, bool is_terminal);

// "42 s", "3 min 05 s".
std::string duration_text(double seconds);

class Progress final : public song::Observer {
 public:
  using Clock = std::function<double()>;  // seconds, never going back

  Progress(ProgressStyle style, std::ostream& out, Clock clock = steady_seconds);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void stage(std::string_view name) override;
  void step(int64_t done, int64_t of) override;
  void adjustment(const song::Adjustment& adjustment) override;

  // A finished file, and the end of the run.
  void output(const std::string& path);
  void done(int exit_code);

  // What stages changed while they worked, in order.
  const std::vector<song::Adjustment>& adjustments() const { return adjustments_; }

  static double steady_seconds();

 private:
  double seconds_left(int64_t steps_done, int64_t of) const;
  void show_bar(int64_t steps_done, int64_t of);
  void show_line(int64_t steps_done, int64_t of);
  void event(const nlohmann::json& object);

  ProgressStyle style_;
  std::ostream& out_;
  BarLine bar_;
  Clock clock_;
  std::string stage_;
  double stage_began_ = 0.0;
  int64_t quarter_told_ = 0;
  std::vector<song::Adjustment> adjustments_;
};

}  // namespace acestep::cli
