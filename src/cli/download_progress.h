// Tells on standard error how far a download is: a bar, plain lines, or one JSON object a line.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "cli/bar_line.h"
#include "cli/progress.h"
#include "hub/observer.h"

namespace acestep::cli {

class DownloadProgress final : public hub::DownloadObserver {
 public:
  using Clock = std::function<double()>;  // seconds, never going back

  DownloadProgress(ProgressStyle style, std::ostream& out, Clock clock = Progress::steady_seconds);
  DownloadProgress(const DownloadProgress&) = delete;
  DownloadProgress& operator=(const DownloadProgress&) = delete;

  void file_begins(const std::string& name, uint64_t bytes_present, uint64_t bytes) override;
  void bytes_present(uint64_t bytes) override;
  void file_is_checked(const std::string& name) override;
  void file_is_done(const std::string& name, uint64_t bytes) override;
  void note(const std::string& text) override;

  // Bytes that came in this run.
  uint64_t fetched_bytes() const { return fetched_bytes_; }

 private:
  bool is_time_again(double interval_seconds);
  void show_bar();
  void show_event();
  void show_tenth();
  double bytes_per_second() const;
  std::string state_text() const;
  void event(const nlohmann::json& object);

  ProgressStyle style_;
  std::ostream& out_;
  BarLine bar_;
  Clock clock_;
  std::string name_;
  uint64_t bytes_ = 0;  // of the whole file
  uint64_t bytes_begun_with_ = 0;
  uint64_t bytes_now_ = 0;
  uint64_t fetched_bytes_ = 0;
  double began_ = 0.0;
  double told_ = 0.0;
  uint64_t tenths_told_ = 0;
};

}  // namespace acestep::cli
