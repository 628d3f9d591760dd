#include "util/svg.h"

#include <cstdio>

namespace acestep::util {
namespace {

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '&') {
      result += "&amp;";
    } else if (c == '<') {
      result += "&lt;";
    } else if (c == '>') {
      result += "&gt;";
    } else if (c == '"') {
      result += "&quot;";
    } else {
      result += c;
    }
  }
  return result;
}

std::string number(double value) {
  char digits[64];
  std::snprintf(digits, sizeof(digits), "%.1f", value);
  return digits;
}

std::string attribute(const char* name, double value) {
  return std::string(" ") + name + "=\"" + number(value) + "\"";
}

std::string attribute(const char* name, std::string_view value) {
  return std::string(" ") + name + "=\"" + escaped(value) + "\"";
}

const char* anchor_name(Anchor anchor) {
  if (anchor == Anchor::kMiddle) return "middle";
  return anchor == Anchor::kEnd ? "end" : "start";
}

}  // namespace

SvgDrawing::SvgDrawing(double width, double height, std::string_view title) {
  body_ = "<svg xmlns=\"http://www.w3.org/2000/svg\"" + attribute("width", width) +
          attribute("height", height) + " viewBox=\"0 0 " + number(width) + " " + number(height) +
          "\" font-family=\"sans-serif\">\n<title>" + escaped(title) + "</title>\n";
  rectangle({0, 0}, width, height, "#ffffff");
}

void SvgDrawing::rectangle(Point top_left, double width, double height, std::string_view colour,
                           std::string_view tooltip) {
  body_ += "<rect" + attribute("x", top_left.x) + attribute("y", top_left.y) +
           attribute("width", width) + attribute("height", height) + attribute("fill", colour);
  body_ += tooltip.empty() ? "/>\n" : "><title>" + escaped(tooltip) + "</title></rect>\n";
}

void SvgDrawing::line(Point from, Point to, std::string_view colour, double width,
                      std::string_view dashes) {
  body_ += "<line" + attribute("x1", from.x) + attribute("y1", from.y) + attribute("x2", to.x) +
           attribute("y2", to.y) + attribute("stroke", colour) + attribute("stroke-width", width);
  if (!dashes.empty()) body_ += attribute("stroke-dasharray", dashes);
  body_ += "/>\n";
}

void SvgDrawing::path(std::string_view commands, std::string_view colour, double width) {
  body_ += "<path fill=\"none\" shape-rendering=\"crispEdges\"" + attribute("stroke", colour) +
           attribute("stroke-width", width) + attribute("d", commands) + "/>\n";
}

void SvgDrawing::text(Point at, std::string_view words, const TextStyle& style) {
  body_ += "<text" + attribute("x", at.x) + attribute("y", at.y) +
           attribute("font-size", style.size) + attribute("fill", style.colour) +
           attribute("text-anchor", anchor_name(style.anchor));
  if (style.turned != 0) {
    body_ += " transform=\"rotate(" + number(style.turned) + " " + number(at.x) + " " +
             number(at.y) + ")\"";
  }
  body_ += ">";
  body_ += escaped(words);
  body_ += "</text>\n";
}

}  // namespace acestep::util
