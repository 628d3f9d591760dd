#include "cli/download_progress.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "hub/size_text.h"

namespace acestep::cli {
namespace {

using nlohmann::json;

constexpr double kBarIntervalSeconds = 0.1;
constexpr double kEventIntervalSeconds = 1.0;
constexpr uint64_t kBarWidth = 30;
constexpr uint64_t kLargeBytes = 100'000'000;
// Below this a rate says nothing.
constexpr double kFirstRateSeconds = 1.0;

}  // namespace

DownloadProgress::DownloadProgress(ProgressStyle style, std::ostream& out, Clock clock)
    : style_(style), out_(out), bar_(out), clock_(std::move(clock)) {}

void DownloadProgress::file_begins(const std::string& name, uint64_t present, uint64_t bytes) {
  name_ = name;
  bytes_ = bytes;
  bytes_begun_with_ = bytes_now_ = present;
  began_ = clock_();
  told_ = began_;
  tenths_told_ = 0;
  if (style_ == ProgressStyle::kJson) {
    event({{"event", "stage"},
           {"name", "download"},
           {"file", name},
           {"bytes", present},
           {"of", bytes}});
  }
  const std::string resumed =
      present > 0 ? ", going on at " + hub::size_text(present) : std::string();
  if (style_ == ProgressStyle::kPlain) bar_.replace(name + ": " + hub::size_text(bytes) + resumed);
}

void DownloadProgress::bytes_present(uint64_t bytes) {
  if (bytes > bytes_now_) fetched_bytes_ += bytes - bytes_now_;
  bytes_now_ = bytes;
  bytes_begun_with_ = std::min(bytes_begun_with_, bytes);
  if (style_ == ProgressStyle::kBar && is_time_again(kBarIntervalSeconds)) show_bar();
  if (style_ == ProgressStyle::kJson && is_time_again(kEventIntervalSeconds)) show_event();
  if (style_ == ProgressStyle::kPlain) show_tenth();
}

bool DownloadProgress::is_time_again(double interval_seconds) {
  const double now = clock_();
  if (now - told_ < interval_seconds) return false;
  told_ = now;
  return true;
}

void DownloadProgress::show_bar() {
  const uint64_t filled = bytes_ > 0 ? bytes_now_ * kBarWidth / bytes_ : kBarWidth;
  bar_.show(name_ + " [" + std::string(filled, '#') + std::string(kBarWidth - filled, '-') + "] " +
            state_text());
}

void DownloadProgress::show_event() {
  const double rate = bytes_per_second();
  const auto bytes_left = static_cast<double>(bytes_ - bytes_now_);
  event({{"event", "progress"},
         {"stage", "download"},
         {"file", name_},
         {"bytes", bytes_now_},
         {"of", bytes_},
         {"eta_s", rate > 0 ? json(std::ceil(bytes_left / rate)) : json()}});
}

// A line for every tenth of a large file is enough for a log.
void DownloadProgress::show_tenth() {
  if (bytes_ < kLargeBytes) return;
  const uint64_t tenths = bytes_now_ * 10 / bytes_;
  if (tenths > tenths_told_) bar_.replace(name_ + ": " + state_text());
  tenths_told_ = tenths;
}

void DownloadProgress::file_is_checked(const std::string& name) {
  if (style_ == ProgressStyle::kBar) bar_.show(name + ": checking");
}

void DownloadProgress::file_is_done(const std::string& name, uint64_t bytes) {
  if (style_ == ProgressStyle::kJson) {
    event({{"event", "file"}, {"file", name}, {"bytes", bytes}});
  } else if (style_ != ProgressStyle::kNone) {
    bar_.replace(name + ": done, " + hub::size_text(bytes));
  }
}

void DownloadProgress::note(const std::string& text) {
  if (style_ == ProgressStyle::kJson) {
    event({{"event", "note"}, {"text", text}});
  } else if (style_ != ProgressStyle::kNone) {
    bar_.replace(text);
  }
}

double DownloadProgress::bytes_per_second() const {
  const double seconds = clock_() - began_;
  if (seconds < kFirstRateSeconds) return 0.0;
  return static_cast<double>(bytes_now_ - bytes_begun_with_) / seconds;
}

// "1.20 GB of 4.79 GB, 12.3 MB/s, 4 min 52 s left"
std::string DownloadProgress::state_text() const {
  std::string text = hub::size_text(bytes_now_) + " of " + hub::size_text(bytes_);
  const double rate = bytes_per_second();
  if (rate < 1.0) return text;
  text += ", " + hub::size_text(static_cast<uint64_t>(rate)) + "/s, ";
  return text + duration_text(static_cast<double>(bytes_ - bytes_now_) / rate) + " left";
}

void DownloadProgress::event(const json& object) {
  out_ << object.dump(-1, ' ', false, json::error_handler_t::replace) << '\n' << std::flush;
}
}  // namespace acestep::cli
