#include "cli/progress.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <sstream>

namespace acestep::cli {
namespace {

using nlohmann::json;

constexpr size_t kStageWidth = 10;

std::string padded(std::string text, size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

}  // namespace

ProgressStyle progress_style(const std::string& mode, bool is_quiet, bool is_terminal) {
  if (is_quiet || mode == "none") return ProgressStyle::kNone;
  if (mode == "json") return ProgressStyle::kJson;
  if (mode == "plain") return ProgressStyle::kPlain;
  if (mode == "bar" || is_terminal) return ProgressStyle::kBar;
  return ProgressStyle::kPlain;
}

ProgressStyle progress_style(const request::TerminalSettings& settings, bool is_terminal) {
  const bool goes_with_log = settings.progress == "auto" && settings.log_format == "json";
  return progress_style(goes_with_log ? "json" : settings.progress, settings.quiet, is_terminal);
}

std::string duration_text(double seconds) {
  const auto whole = static_cast<long>(std::ceil(seconds));
  if (whole < 60) return std::to_string(whole) + " s";
  char text[64];
  std::snprintf(text, sizeof text, "%ld min %02ld s", whole / 60, whole % 60);
  return text;
}

double Progress::steady_seconds() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

Progress::Progress(ProgressStyle style, std::ostream& out, Clock clock)
    : style_(style), out_(out), bar_(out), clock_(std::move(clock)) {}

void Progress::stage(std::string_view name) {
  bar_.end();
  stage_ = name;
  stage_began_ = clock_();
  quarter_told_ = 0;
  if (style_ == ProgressStyle::kJson) event({{"event", "stage"}, {"name", stage_}});
  if (style_ == ProgressStyle::kPlain) out_ << stage_ << '\n' << std::flush;
  if (style_ == ProgressStyle::kBar) show_bar(0, 0);
}

void Progress::step(int64_t done, int64_t of) {
  if (style_ == ProgressStyle::kJson) {
    json object = {{"event", "progress"}, {"stage", stage_}, {"step", done}, {"of", of}};
    object["eta_s"] = done > 0 ? json(std::round(seconds_left(done, of) * 10.0) / 10.0) : json();
    event(object);
  }
  if (style_ == ProgressStyle::kPlain) show_line(done, of);
  if (style_ == ProgressStyle::kBar) show_bar(done, of);
}

void Progress::adjustment(const song::Adjustment& adjustment) {
  adjustments_.push_back(adjustment);
  bar_.end();
  if (style_ == ProgressStyle::kJson) {
    event({{"event", "fallback"},
           {"stage", stage_},
           {"field", adjustment.field},
           {"from", adjustment.from},
           {"to", adjustment.to},
           {"why", adjustment.why}});
  } else if (style_ != ProgressStyle::kNone) {
    out_ << adjustment.field << ": " << adjustment.from << " -> " << adjustment.to << " ("
         << adjustment.why << ")\n"
         << std::flush;
  }
}

void Progress::output(const std::string& path) {
  bar_.end();
  if (style_ == ProgressStyle::kJson) event({{"event", "output"}, {"path", path}});
}

void Progress::done(int exit_code) {
  bar_.end();
  if (style_ == ProgressStyle::kJson) event({{"event", "done"}, {"exit_code", exit_code}});
}

double Progress::seconds_left(int64_t steps_done, int64_t of) const {
  const double passed = clock_() - stage_began_;
  return passed / static_cast<double>(steps_done) * static_cast<double>(of - steps_done);
}

void Progress::show_bar(int64_t steps_done, int64_t of) {
  constexpr int64_t kWidth = 30;
  std::ostringstream text;
  text << padded(stage_, kStageWidth);
  if (of > 0) {
    const auto filled =
        static_cast<size_t>(std::clamp<int64_t>(steps_done * kWidth / of, 0, kWidth));
    text << " [" << std::string(filled, '#') << std::string(kWidth - filled, '-') << "] "
         << steps_done << '/' << of;
    if (steps_done > 0 && steps_done < of) {
      text << ", " << duration_text(seconds_left(steps_done, of)) << " left";
    }
  }
  bar_.show(text.str());
}

// Four lines a stage are enough for a log file.
void Progress::show_line(int64_t steps_done, int64_t of) {
  const int64_t quarter = of > 0 ? steps_done * 4 / of : 0;
  if (quarter <= quarter_told_) return;
  quarter_told_ = quarter;
  out_ << stage_ << ' ' << steps_done << '/' << of;
  if (steps_done < of) {
    out_ << ", " << duration_text(seconds_left(steps_done, of)) << " left";
  } else {
    out_ << ", took " << duration_text(clock_() - stage_began_);
  }
  out_ << '\n' << std::flush;
}

void Progress::event(const json& object) {
  out_ << object.dump(-1, ' ', false, json::error_handler_t::replace) << '\n' << std::flush;
}

}  // namespace acestep::cli
