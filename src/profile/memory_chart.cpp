#include "profile/memory_chart.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string_view>

#include "plan/size_text.h"
#include "util/svg.h"

namespace acestep::profile {
namespace {

using util::Anchor;
using util::SvgDrawing;
using util::TextStyle;

struct StageColour {
  std::string_view stage;
  std::string_view label;
  std::string_view colour;  // of Okabe and Ito, which everybody can tell apart
};
constexpr StageColour kStages[] = {{"compose", "language model", "#0072B2"},
                                   {"condition", "text encoder", "#009E73"},
                                   {"denoise", "diffusion", "#E69F00"},
                                   {"decode", "VAE decode", "#CC79A7"}};
constexpr StageColour kWholeRun = {"", "whole run", "#777777"};
constexpr std::string_view kCapColour = "#D00000";
constexpr std::string_view kGridColour = "#DDDDDD";
constexpr std::string_view kAxisColour = "#222222";

constexpr double kLeft = 80;
constexpr double kTop = 70;
constexpr double kPlotHeight = 320;
constexpr double kBelow = 86;
constexpr double kRight = 30;
constexpr double kGroupWidth = 96;
constexpr double kBarWidth = 16;
constexpr double kFloor = kTop + kPlotHeight;

const StageColour& colour_of(const std::string& stage) {
  const auto found = std::find_if(std::begin(kStages), std::end(kStages),
                                  [&](const StageColour& known) { return known.stage == stage; });
  return found == std::end(kStages) ? kWholeRun : *found;
}

// 1, 2 or 5 times a power of ten: about five steps up to `most`.
double tick_of(double most) {
  const double rough = most / 5;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (rough <= factor * power) return factor * power;
  }
  return 10 * power;
}

std::string short_number(double value) {
  char digits[64];
  std::snprintf(digits, sizeof(digits), "%.3g", value);
  return digits;
}

std::vector<StagePeak> bars_of(const TierRecord& record) {
  std::vector<StagePeak> bars = record.outcome.stages;
  std::erase_if(bars, [](const StagePeak& bar) { return bar.peak_gb <= 0; });  // did nothing
  if (bars.empty() && record.outcome.peak_gb) bars.push_back({"", *record.outcome.peak_gb, 0});
  return bars;
}

class Chart {
 public:
  explicit Chart(std::vector<TierRecord> records)
      : records_(std::move(records)),
        plot_width_(kGroupWidth * static_cast<double>(std::max<size_t>(records_.size(), 4))),
        drawing_(kLeft + plot_width_ + kRight, kFloor + kBelow, "Peak memory by size of card") {
    double most = 0;
    for (const TierRecord& record : records_) {
      for (const StagePeak& bar : bars_of(record)) most = std::max(most, bar.peak_gb);
    }
    if (most <= 0) most = 1;
    tick_ = tick_of(most * 1.2);  // room for a cap above the highest bar
    top_gb_ = std::ceil(most * 1.2 / tick_) * tick_;
  }

  std::string draw() {
    draw_axes();
    for (size_t i = 0; i < records_.size(); ++i) {
      draw_group(records_[i], kLeft + kGroupWidth * static_cast<double>(i));
    }
    draw_legend();
    return drawing_.finish();
  }

 private:
  double height_of(double gb) const { return gb / top_gb_ * kPlotHeight; }

  void draw_axes() {
    drawing_.text({kLeft, 24}, "Peak memory by size of card and stage", {.size = 16});
    for (int i = 0; i * tick_ <= top_gb_ * 1.001; ++i) {
      const double y = kFloor - height_of(i * tick_);
      drawing_.line({kLeft, y}, {kLeft + plot_width_, y}, kGridColour);
      drawing_.text({kLeft - 8, y + 4}, short_number(i * tick_), {.anchor = Anchor::kEnd});
    }
    drawing_.line({kLeft, kTop}, {kLeft, kFloor}, kAxisColour);
    drawing_.line({kLeft, kFloor}, {kLeft + plot_width_, kFloor}, kAxisColour);
    drawing_.text({24, kTop + kPlotHeight / 2}, "peak memory, GB",
                  {.size = 13, .anchor = Anchor::kMiddle, .turned = -90});
    drawing_.text({kLeft + plot_width_ / 2, kFloor + 72}, "memory of the card, GB",
                  {.size = 13, .anchor = Anchor::kMiddle});
  }

  void draw_group(const TierRecord& record, double left) {
    const std::vector<StagePeak> bars = bars_of(record);
    const double middle = left + kGroupWidth / 2;
    double x = middle - kBarWidth * static_cast<double>(bars.size()) / 2;
    for (const StagePeak& bar : bars) {
      const StageColour& look = colour_of(bar.stage);
      const double height = height_of(bar.peak_gb);
      drawing_.rectangle({x, kFloor - height}, kBarWidth - 2, height, look.colour,
                         std::string(look.label) + ": " + short_number(bar.peak_gb) + " GB");
      x += kBarWidth;
    }
    draw_cap(record, left);
    drawing_.text({middle, kFloor + 18}, plan::bound_text(record.run.size_gb),
                  {.size = 13, .anchor = Anchor::kMiddle});
    drawing_.text({middle, kFloor + 34}, record.run.tier, {.size = 11, .anchor = Anchor::kMiddle});
    if (record.passes()) return;
    drawing_.text({middle, kFloor + 50}, "failed",
                  {.size = 13, .anchor = Anchor::kMiddle, .colour = kCapColour});
  }

  // Caps far above every bar would flatten the bars: they are told at the top instead.
  void draw_cap(const TierRecord& record, double left) {
    if (!record.run.cap_gb) return;
    const double cap_gb = *record.run.cap_gb;
    const std::string words = "cap " + short_number(cap_gb);
    const TextStyle style = {.size = 11, .anchor = Anchor::kMiddle, .colour = kCapColour};
    const double middle = left + kGroupWidth / 2;
    if (cap_gb > top_gb_) {
      drawing_.text({middle, kTop - 6}, words + " ↑", style);
      return;
    }
    const double y = kFloor - height_of(cap_gb);
    drawing_.line({left + 6, y}, {left + kGroupWidth - 6, y}, kCapColour, 2, "6 3");
    drawing_.text({middle, y - 5}, words, style);
  }

  void draw_legend() {
    double x = kLeft;
    const auto entry = [&](std::string_view label, std::string_view colour) {
      drawing_.rectangle({x, 36}, 12, 12, colour);
      drawing_.text({x + 17, 46}, label);
      x += 32 + 7.2 * static_cast<double>(label.size());
    };
    for (const StageColour& known : kStages) entry(known.label, known.colour);
    drawing_.line({x, 42}, {x + 14, 42}, kCapColour, 2, "6 3");
    drawing_.text({x + 19, 46}, "cap");
  }

  std::vector<TierRecord> records_;
  double plot_width_;
  SvgDrawing drawing_;
  double tick_ = 1;
  double top_gb_ = 1;
};

}  // namespace

std::string memory_chart(const std::vector<TierRecord>& records) {
  std::vector<TierRecord> shown;
  std::copy_if(records.begin(), records.end(), std::back_inserter(shown),
               [](const TierRecord& record) { return record.run.is_default(); });
  return Chart(std::move(shown)).draw();
}

}  // namespace acestep::profile
