#include "pipeline/task_source.h"

#include <ATen/Parallel.h>
#include <gmock/gmock.h>

#include <cmath>

#include "audio/writer.h"
#include "pipeline/engine.h"
#include "unit/pipeline/small_models.h"
#include "unit/util/temp_folder.h"

namespace acestep::pipeline {
namespace {

using acestep::testing::message_of;
using request::GenerationRequest;
using ::testing::HasSubstr;

constexpr int64_t kSecond = 48000;

GenerationRequest repaint(double start, double end) {
  GenerationRequest request;
  request.task_type = "repaint";
  request.src_audio = "song.wav";
  request.repainting_start = start;
  request.repainting_end = end;
  return request;
}

TEST(PlaceSource, APartInsideMovesNothing) {
  const SourcePlace place = place_source(repaint(2, 4), {.source_samples = 8 * kSecond});
  EXPECT_EQ(place.left_samples, 0);
  EXPECT_EQ(place.total_samples, 8 * kSecond);
  ASSERT_EQ(place.parts.size(), 1u);
  EXPECT_EQ(place.parts[0].start_seconds, 2.0);
  EXPECT_EQ(place.parts[0].end_seconds, 4.0);
  EXPECT_EQ(place.parts[0].crossfade_seconds, 0.025);  // balanced, 0.5
}

TEST(PlaceSource, ANegativeStartGoesBeforeTheSourceAndALateEndBeyondIt) {
  const SourcePlace before = place_source(repaint(-2, 1), {.source_samples = 8 * kSecond});
  EXPECT_EQ(before.left_samples, 2 * kSecond);
  EXPECT_EQ(before.total_samples, 10 * kSecond);
  EXPECT_EQ(before.parts[0].start_seconds, 0.0);
  EXPECT_EQ(before.parts[0].end_seconds, 3.0);
  const SourcePlace after = place_source(repaint(7, 11), {.source_samples = 8 * kSecond});
  EXPECT_EQ(after.right_samples, 3 * kSecond);
  EXPECT_EQ(after.parts[0].end_seconds, 11.0);
}

TEST(PlaceSource, SeveralPartsKeepWhatLiesBetween) {
  GenerationRequest request = repaint(0, -1);
  request.repaint = {"-1:0.5,3:4,7:"};
  const SourcePlace place = place_source(request, {.source_samples = 8 * kSecond});
  EXPECT_EQ(place.total_samples, 9 * kSecond);
  ASSERT_EQ(place.parts.size(), 3u);
  EXPECT_EQ(place.parts[1].start_seconds, 4.0);
  EXPECT_EQ(place.parts[2].end_seconds, 9.0);
}

TEST(PlaceSource, RefusesPartsBeyondTheSourceAndSongsThatAreTooLong) {
  EXPECT_THAT(message_of(ErrorCode::kUsage,
                         [] { place_source(repaint(9, 12), {.source_samples = 8 * kSecond}); }),
              HasSubstr("lasts 8 s"));
  EXPECT_THAT(message_of(ErrorCode::kUsage,
                         [] { place_source(repaint(-595, 1), {.source_samples = 8 * kSecond}); }),
              HasSubstr("at most 600 s"));
}

TEST(PlaceSource, OwnCrossfadesWinButNotForTheReference) {
  GenerationRequest request = repaint(2, 4);
  request.repaint_wav_crossfade_sec = 0.2;
  EXPECT_EQ(place_source(request, {.source_samples = 8 * kSecond}).parts[0].crossfade_seconds, 0.2);
  EXPECT_EQ(place_source(request, {.source_samples = 8 * kSecond, .follows_reference = true})
                .parts[0]
                .crossfade_seconds,
            0.025);
}

// Every task on the base model, with a source of 1.2 s.
class TaskSongs : public acestep::testing::TempFolder {
 protected:
  void SetUp() override {
    TempFolder::SetUp();
    at::set_num_threads(1);
    audio::Waveform sound(48000, 2, kSecond * 6 / 5);
    for (std::size_t i = 0; i < sound.samples.size(); ++i) {
      sound.samples[i] = 0.4F * std::sin(static_cast<float>(i) * 0.05F);
    }
    source_ = folder_ / "source.wav";
    audio::write_audio(source_, sound, {.format = audio::FileFormat::kWav32Float}, {});
    original_ = sound;
  }
  GenerationRequest request(const std::string& task) const {
    GenerationRequest request;
    request.task_type = task;
    request.caption = "calm piano";
    request.lyrics = "[Instrumental]";
    request.inference_steps = 2;
    request.thinking = request.use_cot_metas = false;
    request.use_cot_caption = request.use_cot_language = false;
    request.enable_normalization = false;
    request.seeds = {7};
    request.src_audio = source_.string();
    return request;
  }
  Song make(const GenerationRequest& request) {
    testing::SilentObserver observer;
    Components components(find_models({testing::small_checkpoints(), "acestep-v15-turbo", "none"}),
                          {}, {});
    Engine engine(components, {}, {.observer = observer, .check_stop = {}});
    return engine.render(request).songs.at(0);
  }

  std::filesystem::path source_;
  audio::Waveform original_;
};

TEST_F(TaskSongs, RepaintLeavesTheRestUntouched) {
  GenerationRequest asked = request("repaint");
  asked.repaint = {"0.4:0.6,0.9:1.0"};
  asked.repaint_wav_crossfade_sec = 0.0;
  const audio::Waveform song = make(asked).waveform;
  ASSERT_EQ(song.frames(), original_.frames());
  const auto is_kept = [&](int64_t from, int64_t to) {
    for (int64_t c = 0; c < 2; ++c) {
      for (int64_t i = from; i < to; ++i) {
        const auto at = static_cast<std::size_t>(i);
        if (song.channel(c)[at] != original_.channel(c)[at]) return false;
      }
    }
    return true;
  };
  EXPECT_TRUE(is_kept(0, kSecond * 4 / 10));
  EXPECT_TRUE(is_kept(kSecond * 6 / 10, kSecond * 9 / 10));
  EXPECT_TRUE(is_kept(kSecond, song.frames()));
  EXPECT_FALSE(is_kept(kSecond * 4 / 10, kSecond * 6 / 10));
  EXPECT_FALSE(is_kept(kSecond * 9 / 10, kSecond));
}

TEST_F(TaskSongs, ASongLastsAsLongAsItsSourceAndWhatItIsExtendedBy) {
  EXPECT_EQ(make(request("cover")).waveform.frames(), original_.frames());
  GenerationRequest longer = request("repaint");
  longer.repainting_start = -0.8;
  longer.repainting_end = 2.0;
  EXPECT_EQ(make(longer).waveform.frames(), original_.frames() + kSecond * 8 / 5);
}

TEST_F(TaskSongs, TheSeedDecidesTheSourcesSampleToo) {
  const GenerationRequest cover = request("cover");
  const Song song = make(cover);
  EXPECT_EQ(make(cover).waveform.samples, song.waveform.samples);
  GenerationRequest both = cover;
  both.seeds = {6, 7};
  both.batch_size = 2;
  testing::SilentObserver observer;
  Components components(find_models({testing::small_checkpoints(), "acestep-v15-turbo", "none"}),
                        {}, {});
  Engine engine(components, {}, {.observer = observer, .check_stop = {}});
  EXPECT_EQ(engine.render(both).songs.at(1).waveform.samples, song.waveform.samples);
}

TEST_F(TaskSongs, TheirOptionsChangeThem) {
  GenerationRequest cover = request("cover");
  const Song plain = make(cover);
  cover.audio_cover_strength = 0.5;
  EXPECT_NE(make(cover).waveform.samples, plain.waveform.samples);
  cover.audio_cover_strength = 1.0;
  cover.cover_noise_strength = 0.6;
  EXPECT_NE(make(cover).waveform.samples, plain.waveform.samples);
  EXPECT_NE(make(request("cover-nofsq")).waveform.samples, plain.waveform.samples);
}

}  // namespace
}  // namespace acestep::pipeline
