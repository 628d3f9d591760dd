#include "audio/song_plot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "util/error.h"
#include "util/svg.h"

namespace acestep::audio {
namespace {

using util::Anchor;
using util::SvgDrawing;

constexpr int64_t kLeft = 60;
constexpr int64_t kWidth = 900;
constexpr int64_t kRight = 20;
constexpr int64_t kWaveTop = 40;
constexpr int64_t kWaveHeight = 140;
constexpr int64_t kSpectrumTop = 200;
constexpr int64_t kSpectrumHeight = 256;
constexpr int64_t kFloor = kSpectrumTop + kSpectrumHeight;
constexpr int64_t kBelow = 40;

constexpr std::string_view kWaveColour = "#0072B2";
constexpr std::string_view kGridColour = "#DDDDDD";
constexpr float kQuietestDb = -80.0F;
// Evenly spaced on the magma scale of matplotlib (CC0), which stays in order for colour-blind eyes
// and in grey.
constexpr std::array<std::string_view, 12> kPowerColours = {
    "#000004", "#120D31", "#331067", "#59157E", "#7E2482", "#A3307E",
    "#C83E73", "#E95462", "#F97B5D", "#FEA973", "#FED395", "#FCFDBF"};

double x_of(double share) { return kLeft + share * kWidth; }

std::string clock_text(int64_t seconds) {
  char text[32];
  std::snprintf(text, sizeof(text), "%lld:%02lld", static_cast<long long>(seconds / 60),
                static_cast<long long>(seconds % 60));
  return text;
}

struct PathLine {
  int64_t x = 0;
  int64_t y = 0;
  char direction = 'h';  // right, or 'v': down
  int64_t length = 0;
};

// "M60 454h900"
void add_line(std::string& path, const PathLine& line) {
  char text[96];
  std::snprintf(text, sizeof(text), "M%lld %lld%c%lld", static_cast<long long>(line.x),
                static_cast<long long>(line.y), line.direction,
                static_cast<long long>(line.length));
  path += text;
}

// Whole seconds between the marks of the time axis: at most ten of them.
int64_t seconds_between_marks(double seconds) {
  for (const int64_t step : {1, 2, 5, 10, 15, 30, 60}) {
    if (seconds <= 10.0 * static_cast<double>(step)) return step;
  }
  return 120;
}

void draw_times(SvgDrawing& drawing, double seconds) {
  const int64_t step = seconds_between_marks(seconds);
  for (int64_t second = 0; static_cast<double>(second) <= seconds; second += step) {
    const double x = x_of(static_cast<double>(second) / seconds);
    drawing.line({x, kWaveTop}, {x, kWaveTop + kWaveHeight}, kGridColour);
    drawing.line({x, kFloor}, {x, kFloor + 5}, "#222222");
    drawing.text({x, kFloor + 20}, clock_text(second), {.anchor = Anchor::kMiddle});
  }
}

// Pixels below the top of the waveform's part; what clips is drawn at its edge.
int64_t wave_y(float sample) {
  const float share = (1.0F - std::clamp(sample, -1.0F, 1.0F)) / 2.0F;
  return kWaveTop + static_cast<int64_t>(std::lround(share * static_cast<float>(kWaveHeight)));
}

// A vertical line per pixel, from the lowest to the highest sample of all channels.
void draw_waveform(SvgDrawing& drawing, const Waveform& waveform) {
  std::string lines;
  for (int64_t pixel = 0; pixel < kWidth; ++pixel) {
    const int64_t from = pixel * waveform.frames() / kWidth;
    const int64_t to = std::max(from + 1, (pixel + 1) * waveform.frames() / kWidth);
    float lowest = 1.0F;
    float highest = -1.0F;
    for (int64_t c = 0; c < waveform.channels; ++c) {
      const auto part = waveform.channel(c).subspan(static_cast<std::size_t>(from),
                                                    static_cast<std::size_t>(to - from));
      const auto [low, high] = std::minmax_element(part.begin(), part.end());
      lowest = std::min(lowest, *low);
      highest = std::max(highest, *high);
    }
    const int64_t y = wave_y(highest);
    const int64_t height = std::max<int64_t>(1, wave_y(lowest) - y);
    add_line(lines, {.x = kLeft + pixel, .y = y, .direction = 'v', .length = height});
  }
  drawing.path(lines, kWaveColour);
  for (const float level : {1.0F, 0.0F, -1.0F}) {
    const auto y = static_cast<double>(wave_y(level));
    drawing.text({kLeft - 8, y + 4}, level == 0.0F ? "0" : (level > 0 ? "1" : "-1"),
                 {.anchor = Anchor::kEnd});
  }
}

std::size_t colour_index(float db) {
  const float share = 1.0F - std::clamp(db / kQuietestDb, 0.0F, 1.0F);
  const auto index = static_cast<std::size_t>(share * static_cast<float>(kPowerColours.size()));
  return std::min(index, kPowerColours.size() - 1);
}

// One path per colour; neighbours of one colour are one line.
void draw_power(SvgDrawing& drawing, const Spectrogram& spectrogram) {
  const int64_t cell_width = kWidth / spectrogram.columns;
  const int64_t cell_height = kSpectrumHeight / spectrogram.bands;
  std::array<std::string, kPowerColours.size()> lines;
  const auto colour_at = [&](int64_t column, int64_t band) {
    return colour_index(
        spectrogram.db[static_cast<std::size_t>(column * spectrogram.bands + band)]);
  };
  for (int64_t band = 0; band < spectrogram.bands; ++band) {
    const int64_t y = kFloor - band * cell_height - cell_height / 2;
    for (int64_t column = 0; column < spectrogram.columns;) {
      const int64_t from = column;
      const std::size_t colour = colour_at(from, band);
      while (column < spectrogram.columns && colour_at(column, band) == colour) ++column;
      add_line(lines[colour], {.x = kLeft + from * cell_width,
                               .y = y,
                               .direction = 'h',
                               .length = (column - from) * cell_width});
    }
  }
  drawing.rectangle({kLeft, kSpectrumTop}, kWidth, kSpectrumHeight, kPowerColours[0]);
  for (std::size_t colour = 1; colour < lines.size(); ++colour) {
    if (lines[colour].empty()) continue;
    drawing.path(lines[colour], kPowerColours[colour], static_cast<double>(cell_height));
  }
}

void draw_frequencies(SvgDrawing& drawing, const Spectrogram& spectrogram) {
  const double octaves = std::log2(spectrogram.highest_hz / spectrogram.lowest_hz);
  const std::array<std::pair<double, std::string_view>, 5> marks = {
      {{50, "50 Hz"}, {200, "200"}, {1000, "1 k"}, {5000, "5 k"}, {20000, "20 k"}}};
  for (const auto& [hz, words] : marks) {
    const double share = std::log2(hz / spectrogram.lowest_hz) / octaves;
    if (share < 0 || share > 1) continue;
    drawing.text({kLeft - 8, kFloor - share * kSpectrumHeight + 4}, words,
                 {.anchor = Anchor::kEnd});
  }
}

}  // namespace

std::string draw_song(const Waveform& waveform, const Spectrogram& spectrogram,
                      std::string_view title) {
  ACE_CHECK(waveform.frames() > 0 && waveform.channels > 0);
  ACE_CHECK(spectrogram.columns > 0 && kWidth % spectrogram.columns == 0);
  ACE_CHECK(spectrogram.bands > 0 && kSpectrumHeight % spectrogram.bands == 0);
  SvgDrawing drawing(kLeft + kWidth + kRight, kFloor + kBelow, title);
  drawing.text({kLeft, 24}, title, {.size = 16});
  draw_times(drawing, waveform.seconds());
  draw_waveform(drawing, waveform);
  draw_power(drawing, spectrogram);
  draw_frequencies(drawing, spectrogram);
  return drawing.finish();
}

}  // namespace acestep::audio
