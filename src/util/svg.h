// Drawings as text: the few shapes that charts need.
#pragma once

#include <string>
#include <string_view>

namespace acestep::util {

enum class Anchor { kStart, kMiddle, kEnd };

struct Point {
  double x = 0;
  double y = 0;
};

struct TextStyle {
  double size = 12;
  Anchor anchor = Anchor::kStart;
  double turned = 0;  // degrees, clockwise, around its own point
  std::string_view colour = "#222222";
};

// Units are pixels; y grows downwards.
class SvgDrawing final {
 public:
  // title: read by screen readers and shown as a tooltip.
  SvgDrawing(double width, double height, std::string_view title);

  // tooltip may be empty.
  void rectangle(Point top_left, double width, double height, std::string_view colour,
                 std::string_view tooltip = {});
  void line(Point from, Point to, std::string_view colour, double width = 1,
            std::string_view dashes = {});
  // commands: SVG path data such as "M2 5h3", drawn as lines, not filled, to the pixel.
  void path(std::string_view commands, std::string_view colour, double width = 1);
  void text(Point at, std::string_view words, const TextStyle& style = {});

  // The whole document.
  std::string finish() const { return body_ + "</svg>\n"; }

 private:
  std::string body_;
};

}  // namespace acestep::util
