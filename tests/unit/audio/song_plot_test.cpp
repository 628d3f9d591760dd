#include "audio/song_plot.h"

#include <algorithm>
#include <cmath>

#include "unit/audio/sounds.h"
#include "util/error.h"

namespace acestep::audio {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// Everything as quiet as can be but for one band.
Spectrogram one_band(int64_t loud_band) {
  Spectrogram spectrogram{.columns = kPlotColumns,
                          .bands = kPlotBands,
                          .lowest_hz = 40,
                          .highest_hz = 20000,
                          .db = std::vector<float>(kPlotColumns * kPlotBands, -80.0F)};
  for (int64_t column = 0; column < kPlotColumns; ++column) {
    spectrogram.db[static_cast<std::size_t>(column * kPlotBands + loud_band)] = 0.0F;
  }
  return spectrogram;
}

constexpr char kLoudest[] = "stroke=\"#FCFDBF\"";

TEST(DrawSong, IsOneSvgDocumentWithItsTitle) {
  const std::string svg = draw_song(sine(96000), one_band(0), "rain & <thunder>");
  EXPECT_THAT(svg, ::testing::StartsWith("<svg xmlns=\"http://www.w3.org/2000/svg\""));
  EXPECT_THAT(svg, ::testing::EndsWith("</svg>\n"));
  EXPECT_THAT(svg, HasSubstr("rain &amp; &lt;thunder&gt;"));
  EXPECT_EQ(svg, draw_song(sine(96000), one_band(0), "rain & <thunder>"));
}

// A band that is equally loud throughout is one line across the plot, low bands below high ones.
TEST(DrawSong, ABandIsALineInItsColour) {
  const std::string low = draw_song(sine(96000), one_band(0), "");
  EXPECT_THAT(low, HasSubstr(std::string(kLoudest) + " stroke-width=\"4.0\" d=\"M60 454h900\""));
  const std::string high = draw_song(sine(96000), one_band(kPlotBands - 1), "");
  EXPECT_THAT(high, HasSubstr("d=\"M60 202h900\""));
}

TEST(DrawSong, QuietBandsAreTheBackground) {
  Spectrogram silent = one_band(0);
  std::fill(silent.db.begin(), silent.db.end(), -80.0F);
  EXPECT_THAT(draw_song(sine(96000), silent, ""), Not(HasSubstr(kLoudest)));
}

// Full scale reaches from edge to edge of the waveform's part, silence is its middle line.
TEST(DrawSong, TheWaveformReachesAsFarAsItsSamples) {
  Waveform loud(48000, 1, 48000);
  for (std::size_t i = 0; i < loud.samples.size(); ++i) loud.samples[i] = i % 2 == 0 ? 1.0F : -1.0F;
  EXPECT_THAT(draw_song(loud, one_band(0), ""), HasSubstr("M60 40v140M61 40v140"));
  const Waveform silence(48000, 2, 48000);
  EXPECT_THAT(draw_song(silence, one_band(0), ""), HasSubstr("M60 110v1M61 110v1"));
}

TEST(DrawSong, MarksTimesAndFrequencies) {
  const std::string svg = draw_song(sine(48000 * 90), one_band(0), "");
  for (const char* mark : {">0:00<", ">0:10<", ">1:30<", ">50 Hz<", ">1 k<", ">20 k<"}) {
    EXPECT_THAT(svg, HasSubstr(mark));
  }
}

// As many files as one likes can lie beside songs.
TEST(DrawSong, ATangleStaysBelowHalfAMegabyte) {
  Spectrogram tangle = one_band(0);
  for (std::size_t i = 0; i < tangle.db.size(); ++i) {
    tangle.db[i] = -80.0F * static_cast<float>((i * 7919) % 97) / 97.0F;
  }
  EXPECT_LT(draw_song(sine(96000), tangle, "").size(), 512u << 10);
}

TEST(DrawSong, AShorterSoundThanTheFigureIsDrawnToo) {
  EXPECT_THAT(draw_song(sine(10), one_band(0), ""), HasSubstr("M959"));
}

}  // namespace
}  // namespace acestep::audio
