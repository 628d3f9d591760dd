#include "audio/mastering.h"

#include <limits>

#include "unit/audio/sounds.h"

namespace acestep::audio {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Waveform mono(std::vector<float> samples, int64_t rate_hz = 10) {
  Waveform waveform(rate_hz, 1, static_cast<int64_t>(samples.size()));
  waveform.samples = std::move(samples);
  return waveform;
}

TEST(NormalizePeak, BringsTheLargestMagnitudeToTheLevel) {
  Waveform waveform = mono({0.1F, -0.5F, 0.2F});
  normalize_peak(waveform, 0.0);
  EXPECT_THAT(waveform.samples, ElementsAre(0.2F, -1.0F, 0.4F));
}

TEST(NormalizePeak, LeavesSilenceAlone) {
  Waveform waveform = mono({0.0F, 5e-7F});
  normalize_peak(waveform, -1.0);
  EXPECT_THAT(waveform.samples, ElementsAre(0.0F, 5e-7F));
}

TEST(Fades, StartAndEndAtZero) {
  Waveform waveform = mono({1, 1, 1, 1, 1});
  apply_fades(waveform, {.in_frames = 3, .out_frames = 2});
  EXPECT_THAT(waveform.samples, ElementsAre(0.0F, 0.5F, 1.0F, 1.0F, 0.0F));
}

TEST(Fades, OneFrameOfFadeOutChangesNothing) {
  Waveform waveform = mono({1, 1});
  apply_fades(waveform, {.out_frames = 1});
  EXPECT_THAT(waveform.samples, ElementsAre(1.0F, 1.0F));
}

TEST(Fades, AreCutToTheLengthOfTheSound) {
  Waveform waveform = mono({1, 1, 1});
  apply_fades(waveform, {.in_frames = 1000});
  EXPECT_THAT(waveform.samples, ElementsAre(0.0F, 0.5F, 1.0F));
}

TEST(FramesOf, RoundsHalvesToEven) {
  EXPECT_EQ(frames_of(0.25, 10), 2);
  EXPECT_EQ(frames_of(0.35, 10), 4);
}

TEST(SpliceOriginal, KeepsThePaintedSpanAndRampsOutside) {
  Waveform painted = mono({1, 1, 1, 1, 1, 1, 1, 1});
  const Waveform original = mono({0, 0, 0, 0, 0, 0, 0, 0});
  splice_original(painted, original,
                  {.start_seconds = 0.3, .end_seconds = 0.5, .crossfade_seconds = 0.1});
  EXPECT_THAT(painted.samples, ElementsAre(0.0F, 0.0F, 0.5F, 1.0F, 1.0F, 0.5F, 0.0F, 0.0F));
}

TEST(SpliceOriginal, LeavesWhatTheOriginalDoesNotReach) {
  Waveform painted = mono({1, 1, 1, 1});
  const Waveform original = mono({0, 0});
  splice_original(painted, original, {.start_seconds = 0.1, .end_seconds = 9.0});
  EXPECT_THAT(painted.samples, ElementsAre(0.0F, 1.0F, 1.0F, 1.0F));
}

TEST(RequireFinite, NamesStageChannelAndSample) {
  Waveform waveform = sine(100);
  waveform.channel(1)[42] = std::numeric_limits<float>::quiet_NaN();
  const std::string message =
      message_of(ErrorCode::kRejected, [&] { require_finite(waveform, "mastering"); });
  EXPECT_THAT(message, HasSubstr("mastering: sample 42"));
  EXPECT_THAT(message, HasSubstr("channel 2 is NaN"));
}

TEST(RequireAudible, RejectsSilence) {
  const std::string message = message_of(
      ErrorCode::kRejected, [] { require_audible(Waveform(48000, 2, 10), "VAE decode"); });
  EXPECT_THAT(message, HasSubstr("VAE decode: the audio is silent"));
}

}  // namespace
}  // namespace acestep::audio
