#include "audio/reference_windows.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "audio/writer.h"
#include "unit/audio/sounds.h"
#include "util/python_random.h"
#include "util/temp_folder.h"

namespace acestep::audio {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr int64_t kWindow = 480'000;  // frames

DrawNumber python(util::PythonRandom& random) {
  return [&random](int64_t highest) { return random.integer(0, highest); };
}

// The numbers are Python's, with the reference's arithmetic on them.
TEST(ChooseWindows, ShortSoundsAreRepeated) {
  util::PythonRandom random(120);
  EXPECT_THAT(choose_windows(384'000, kWindow, python(random)),
              ElementsAre(16'873, 520'122, 1'030'181));
}

TEST(ChooseWindows, EachLiesInItsThird) {
  util::PythonRandom random(7);
  EXPECT_THAT(choose_windows(2'928'017, kWindow, python(random)),
              ElementsAre(169'781, 1'055'093, 2'159'011));
}

// No choice is left, but the stream moves on as the reference's does.
TEST(ChooseWindows, DrawsThriceWithoutAChoice) {
  std::vector<int64_t> asked;
  const auto draw = [&](int64_t highest) {
    asked.push_back(highest);
    return highest;
  };
  EXPECT_THAT(choose_windows(3 * kWindow, kWindow, draw), ElementsAre(0, kWindow, 2 * kWindow));
  EXPECT_THAT(asked, ElementsAre(0, 0, 0));
}

TEST(ChooseWindows, ASingleFrameIsASound) {
  EXPECT_THAT(choose_windows(1, kWindow, [](int64_t) { return 0; }),
              ElementsAre(0, kWindow, 2 * kWindow));
}

// A rising tone: no two stretches of it are alike.
Waveform rising(double seconds, int64_t channels, int64_t rate_hz) {
  Waveform sound(rate_hz, channels, static_cast<int64_t>(seconds * static_cast<double>(rate_hz)));
  for (int64_t c = 0; c < channels; ++c) {
    const auto samples = sound.channel(c);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const double t = static_cast<double>(i) / static_cast<double>(rate_hz);
      samples[i] =
          static_cast<float>(0.5 * std::sin((50.0 + 20.0 * t + static_cast<double>(c)) * t));
    }
  }
  return sound;
}

struct ReferenceSoundTest : ::testing::Test {
  std::filesystem::path write(const Waveform& sound, FileFormat format = FileFormat::kWav32Float) {
    const auto file = folder.path() / ("in" + std::string(file_extension(format)));
    write_audio(file, sound, {format}, {});
    return file;
  }

  util::TempFolder folder{"acestep-test"};
};

// What to_stereo() of the whole sound, repeated, has there.
bool equals_cut(const Waveform& windows, const Waveform& whole, const WindowStarts& starts) {
  const Waveform stereo = to_stereo(whole, kReferenceRateHz);
  for (int64_t i = 0; i < windows.frames(); ++i) {
    const int64_t start = starts[static_cast<std::size_t>(i / kWindow)];
    const auto from = static_cast<std::size_t>((start + i % kWindow) % stereo.frames());
    for (int64_t c = 0; c < 2; ++c) {
      if (windows.channel(c)[static_cast<std::size_t>(i)] != stereo.channel(c)[from]) return false;
    }
  }
  return true;
}

TEST_F(ReferenceSoundTest, WindowsOfAResampledFileAreThoseOfTheWhole) {
  const Waveform whole = rising(40.0, 1, 44100);
  const ReferenceSound sound(write(whole), "the file");
  EXPECT_EQ(sound.frames(), 40 * 48000);
  const WindowStarts starts = {0, 640'001, 40 * 48000 - kWindow};
  const Waveform windows = sound.windows(starts);
  ASSERT_EQ(windows.frames(), 3 * kWindow);
  EXPECT_TRUE(equals_cut(windows, whole, starts));
}

TEST_F(ReferenceSoundTest, WindowsOfALowerRateAreThoseOfTheWhole) {
  const Waveform whole = rising(31.0, 6, 96000);
  const ReferenceSound sound(write(whole), "the file");
  const WindowStarts starts = {7, 496'003, 1'000'000};
  EXPECT_TRUE(equals_cut(sound.windows(starts), whole, starts));
}

TEST_F(ReferenceSoundTest, AShortSoundGoesOnAtItsStart) {
  const Waveform whole = rising(1.7, 2, 32000);
  const ReferenceSound sound(write(whole), "the file");
  const WindowStarts starts =
      choose_windows(sound.frames(), kWindow, [](int64_t highest) { return highest / 2; });
  EXPECT_TRUE(equals_cut(sound.windows(starts), whole, starts));
}

TEST_F(ReferenceSoundTest, ASingleSampleIsASound) {
  Waveform click(44100, 1, 1);
  click.samples[0] = 0.5F;
  const ReferenceSound sound(write(click), "the file");
  const WindowStarts starts = choose_windows(sound.frames(), kWindow, [](int64_t) { return 0; });
  EXPECT_TRUE(equals_cut(sound.windows(starts), click, starts));
}

TEST_F(ReferenceSoundTest, SilenceIsAnError) {
  Waveform silence(48000, 2, 48000);
  silence.samples[5] = 5e-7F;
  const auto file = write(silence);
  EXPECT_THAT(message_of(ErrorCode::kInput, [&] { ReferenceSound(file, "the file"); }),
              HasSubstr("the file: is silent"));
}

TEST_F(ReferenceSoundTest, NaNIsAnError) {
  const auto file = write(rising(1.0, 1, 48000));
  std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
  bytes.seekp(-4, std::ios::end);
  bytes << "\xFF\xFF\xFF\xFF";
  bytes.close();
  EXPECT_THAT(message_of(ErrorCode::kInput, [&] { ReferenceSound(file, "the file"); }),
              HasSubstr("NaN"));
}

TEST_F(ReferenceSoundTest, AMissingFileIsAnError) {
  EXPECT_THAT(message_of(ErrorCode::kInput,
                         [&] { ReferenceSound(folder.path() / "none.wav", "the file"); }),
              HasSubstr("none.wav"));
}

}  // namespace
}  // namespace acestep::audio
