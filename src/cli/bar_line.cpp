#include "cli/bar_line.h"

#include "request/text.h"

namespace acestep::cli {

void BarLine::show(const std::string& text) {
  const size_t width = request::count_characters(text);
  out_ << '\r' << text;
  if (width < width_) out_ << std::string(width_ - width, ' ');
  out_ << std::flush;
  width_ = width;
}

void BarLine::replace(const std::string& text) {
  if (width_ > 0) {
    show(text);
    end();
  } else {
    out_ << text << '\n' << std::flush;
  }
}

void BarLine::end() {
  if (width_ > 0) out_ << '\n' << std::flush;
  width_ = 0;
}

}  // namespace acestep::cli
