// One line of a terminal that is written over again and again; no escape codes.
#pragma once

#include <ostream>
#include <string>

namespace acestep::cli {

class BarLine final {
 public:
  explicit BarLine(std::ostream& out) : out_(out) {}
  ~BarLine() { end(); }
  BarLine(const BarLine&) = delete;
  BarLine& operator=(const BarLine&) = delete;

  // In place of what stands there.
  void show(const std::string& text);
  // A line that stays, in place of what stands there.
  void replace(const std::string& text);
  // What stands there stays; nothing without it.
  void end();

 private:
  std::ostream& out_;
  size_t width_ = 0;
};

}  // namespace acestep::cli
