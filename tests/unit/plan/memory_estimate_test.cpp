#include "plan/memory_estimate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "plan/decode_tile.h"
#include "plan/published_models.h"

namespace acestep::plan {
namespace {

constexpr DitKind kTurbo = {.is_xl = false, .is_turbo = true};
constexpr DitKind kXlTurbo = {.is_xl = true, .is_turbo = true};

SongModels models() { return published_models(kTurbo, LmSize::k0_6B); }

SongShape half_a_minute() {
  return {
      .frames = 750,
      .text_tokens = 80,
      .lyric_tokens = 100,
      .passes = {{.writing = Writing::kCodes, .rows = 1, .prompt_tokens = 100, .new_tokens = 160}}};
}

Holding bfloat16() { return {.numbers = kBFloat16Bytes, .tile_frames = 256}; }

uint64_t elements(const WeightTensors& tensors) {
  uint64_t total = 0;
  for (const WeightTensor& tensor : tensors) total += tensor.elements;
  return total;
}

TEST(LiveBytes, ThePeakIsWhatWasLiveAtOnce) {
  LiveBytes memory;
  {
    const LiveBytes::Tensor first = memory.take(1024);
    const LiveBytes::Tensor second = memory.take(2048);
  }
  const LiveBytes::Tensor third = memory.take(2560);
  EXPECT_EQ(memory.peak(), 3072);
}

TEST(LiveBytes, EveryStorageIsRoundedUp) {
  LiveBytes memory;
  const LiveBytes::Tensor small = memory.take(1);
  const LiveBytes::Tensor empty = memory.take(0);
  EXPECT_EQ(memory.peak(), 512);
}

TEST(LiveBytes, WhatIsAssignedOverIsGivenBack) {
  LiveBytes memory;
  LiveBytes::Tensor tensor = memory.take(512);
  tensor = memory.take(1024);
  const LiveBytes::Tensor other = memory.take(1536);
  EXPECT_EQ(memory.peak(), 1024 + 1536);
}

TEST(WeightBytes, DenseNumbersHaveTheRunsType) {
  const WeightTensors tensors = {{WeightKind::kLinear, 4096, 64}, {WeightKind::kPlain, 1024, 1024}};
  EXPECT_EQ(weight_bytes(tensors, kBFloat16Bytes), 2 * (4096 + 1024));
  EXPECT_EQ(weight_bytes(tensors, kFloat32Bytes), 4 * (4096 + 1024));
}

TEST(WeightBytes, OnlyLinearWeightsBecomeWholeNumbersWithAScalePerRow) {
  const WeightTensors tensors = {{WeightKind::kLinear, 65536, 256},
                                 {WeightKind::kPlain, 1024, 1024}};
  EXPECT_EQ(weight_bytes(tensors, kBFloat16Bytes, LinearForm::kInt8), 65536 + 256 * 2 + 1024 * 2);
}

TEST(WeightBytes, QuantisedActivationsNeedTheSumOfEachRow) {
  const WeightTensors tensors = {{WeightKind::kLinear, 65536, 256}};
  EXPECT_EQ(weight_bytes(tensors, kBFloat16Bytes, LinearForm::kInt8Dynamic),
            65536 + 256 * 2 + 256 * 4);
}

TEST(WeightBytes, WhatIsStoredInWholeNumbersIsNeverWidened) {
  const WeightTensors tensors = {{WeightKind::kInt8, 65536, 256}};
  EXPECT_EQ(weight_bytes(tensors, kFloat32Bytes, LinearForm::kDense), 65536 + 256 * 4);
}

TEST(WeightBytes, SomeNumbersStayFloat32) {
  const WeightTensors tensors = {{WeightKind::kFloat32, 1024, 1}};
  EXPECT_EQ(weight_bytes(tensors, kBFloat16Bytes), 4096);
}

// Bytes of the published files in bfloat16, of which a ten-thousandth are small tensors.
TEST(PublishedModels, HaveTheNumbersOfTheirFiles) {
  const auto expect_bytes = [](uint64_t numbers, double bytes) {
    EXPECT_NEAR(2.0 * static_cast<double>(numbers) / bytes, 1.0, 1e-4);
  };
  expect_bytes(elements(published_text_encoder().weights), 1191553024.0);
  expect_bytes(elements(published_language_model(LmSize::k0_6B).weights), 1325768704.0);
  const DitFacts dit = published_dit(kTurbo);
  uint64_t numbers = elements(dit.outside_blocks) + elements(dit.conditioning);
  for (const WeightTensors& block : dit.blocks) numbers += elements(block);
  expect_bytes(numbers, 4787745036.0);
}

TEST(EstimateDenoise, BlocksThatPassThroughTakeTwoPlaces) {
  Holding streamed = bfloat16();
  streamed.streams_dit_blocks = true;
  const SongModels song_models = models();
  const uint64_t block = weight_bytes(song_models.dit.blocks.front(), kBFloat16Bytes);
  const uint64_t all = estimate_denoise(song_models, half_a_minute(), bfloat16()).weight_bytes;
  EXPECT_EQ(all - estimate_denoise(song_models, half_a_minute(), streamed).weight_bytes,
            (song_models.dit.blocks.size() - 2) * block);
}

TEST(EstimateDenoise, Int8HalvesTheWeightsAndUnpacksOneAtATime) {
  Holding int8 = bfloat16();
  int8.dit = LinearForm::kInt8;
  const StageNeed dense = estimate_denoise(models(), half_a_minute(), bfloat16());
  const StageNeed quantized = estimate_denoise(models(), half_a_minute(), int8);
  EXPECT_NEAR(static_cast<double>(quantized.weight_bytes) / static_cast<double>(dense.weight_bytes),
              0.5, 0.01);
  EXPECT_GT(quantized.activation_bytes, dense.activation_bytes);
  EXPECT_LE(quantized.activation_bytes - dense.activation_bytes, 6144U * 2048U * 2U);
}

TEST(EstimateDenoise, AnInt8CheckpointTakesWhatADenseOneTakesInInt8) {
  SongModels stored = models();
  const auto store_whole = [](WeightTensors& tensors) {
    for (WeightTensor& tensor : tensors) {
      if (tensor.kind == WeightKind::kLinear) tensor.kind = WeightKind::kInt8;
    }
  };
  store_whole(stored.dit.outside_blocks);
  for (WeightTensors& block : stored.dit.blocks) store_whole(block);
  Holding int8 = bfloat16();
  int8.dit = LinearForm::kInt8;
  EXPECT_EQ(estimate_denoise(stored, half_a_minute(), bfloat16()).bytes(),
            estimate_denoise(models(), half_a_minute(), int8).bytes());
}

TEST(EstimateDenoise, GuidanceComputesTwoRowsPerSong) {
  SongShape guided = half_a_minute();
  guided.is_guided = true;
  EXPECT_GT(estimate_denoise(models(), guided, bfloat16()).activation_bytes,
            19 * estimate_denoise(models(), half_a_minute(), bfloat16()).activation_bytes / 10);
}

TEST(EstimateDenoise, SongsInTurnsWaitWithLittle) {
  SongShape two = half_a_minute();
  two.songs = 2;
  SongShape together = two;
  together.songs_together = 2;
  const auto bytes = [](const SongShape& song) {
    return estimate_denoise(models(), song, bfloat16()).activation_bytes;
  };
  const uint64_t one = bytes(half_a_minute());
  EXPECT_LT(bytes(two), one + one / 10);
  EXPECT_GT(bytes(together), one + 9 * one / 10);
}

TEST(EstimateCompose, ATokenMoreInTheCacheHasAKeyAndAValueInEveryLayer) {
  const auto bytes = [](int64_t rows, int64_t new_tokens) {
    SongShape song = half_a_minute();
    song.passes.front().rows = rows;
    song.passes.front().new_tokens = new_tokens;
    return estimate_compose(models(), song, bfloat16()).activation_bytes;
  };
  constexpr double kKeysAndValues = 2.0 * 28 * 8 * 128 * 2;
  constexpr int64_t kMore = 1024;
  const auto per_token = [&](int64_t rows) {
    return static_cast<double>(bytes(rows, 4096 + kMore) - bytes(rows, 4096)) / kMore;
  };
  // Beside them, its angles: 2 % of one row.
  EXPECT_NEAR(per_token(1) / kKeysAndValues, 1.0, 0.03);
  EXPECT_NEAR(per_token(2) / kKeysAndValues, 2.0, 0.03);
}

TEST(EstimateCompose, IsNothingWithoutALanguageModel) {
  EXPECT_EQ(estimate_compose(published_models(kTurbo, {}), half_a_minute(), bfloat16()).bytes(), 0);
}

TEST(EstimateCondition, CodesGoThroughTheDetokenizer) {
  SongShape coded = half_a_minute();
  coded.frames = 15000;
  const uint64_t plain = estimate_condition(models(), coded, bfloat16()).activation_bytes;
  coded.audio_codes = 3000;
  EXPECT_GT(estimate_condition(models(), coded, bfloat16()).activation_bytes, 2 * plain);
}

TEST(EstimateDecode, ATileTakesWhatItsFramesTake) {
  const VaeFacts vae = published_vae();
  const uint64_t half = decode_bytes(vae, 512, kBFloat16Bytes);
  const uint64_t whole = decode_bytes(vae, 1024, kBFloat16Bytes);
  // Three signals of the widest block: 128 channels of 1920 samples per frame.
  EXPECT_NEAR(static_cast<double>(whole - half), 512.0 * 3 * 128 * 1920 * 2, 4e6);
}

TEST(EstimateDecode, AShortSongIsDecodedInOne) {
  SongShape song = half_a_minute();
  song.frames = 130;
  Holding large = bfloat16();
  large.tile_frames = 1024;
  Holding whole = bfloat16();
  whole.tile_frames = 0;
  EXPECT_EQ(estimate_decode(models(), song, large).bytes(),
            estimate_decode(models(), song, whole).bytes());
}

TEST(EstimateDecode, AHeldWaveformIsWholeAndStereo) {
  Holding held = bfloat16();
  held.holds_waveform = true;
  EXPECT_EQ(estimate_decode(models(), half_a_minute(), held).bytes() -
                estimate_decode(models(), half_a_minute(), bfloat16()).bytes(),
            750 * 1920 * 2 * sizeof(float));
}

TEST(LargestTile, IsTheSongThenTheLargestThatFits) {
  const VaeFacts vae = published_vae();
  const uint64_t for_512 = decode_bytes(vae, 512, kBFloat16Bytes);
  EXPECT_EQ(largest_tile(vae, 400, for_512, kBFloat16Bytes), 400);
  EXPECT_EQ(largest_tile(vae, 5000, for_512, kBFloat16Bytes), 512);
  EXPECT_EQ(largest_tile(vae, 5000, for_512 - 1, kBFloat16Bytes), 256);
  EXPECT_EQ(largest_tile(vae, 5000, 1000, kBFloat16Bytes), std::nullopt);
}

TEST(EstimateStages, XlTakesMoreWhereItIsWider) {
  const auto wide = estimate_stages(published_models(kXlTurbo, {}), half_a_minute(), bfloat16());
  const auto small = estimate_stages(published_models(kTurbo, {}), half_a_minute(), bfloat16());
  const auto bytes_of = [](const std::vector<StageNeed>& stages, const std::string& name) {
    const auto found = std::find_if(stages.begin(), stages.end(),
                                    [&](const StageNeed& need) { return need.stage == name; });
    return found->weight_bytes;
  };
  EXPECT_GT(bytes_of(wide, "denoise"), 2 * bytes_of(small, "denoise"));
  EXPECT_EQ(bytes_of(wide, "condition"), bytes_of(small, "condition"));
}

}  // namespace
}  // namespace acestep::plan
