// Every number in the models' config.json files has a lowest and a highest value.
#include <gmock/gmock.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "fuzz/mutate_json.h"
#include "models/dit_config.h"
#include "models/oobleck_config.h"
#include "models/qwen3_config.h"
#include "unit/util/temp_folder.h"

namespace acestep::models {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

enum class Kind { kDit, kQwen3, kVae };

struct Bound {
  const char* name;  // of the test
  Kind kind;
  const char* key;
  json low;   // just below the lowest value
  json high;  // just above the highest value
  bool is_required;
};

void PrintTo(const Bound& bound, std::ostream* out) { *out << bound.name; }

json valid(Kind kind) {
  if (kind == Kind::kQwen3) {
    return {{"vocab_size", 300},
            {"hidden_size", 64},
            {"intermediate_size", 96},
            {"num_hidden_layers", 2},
            {"num_attention_heads", 4},
            {"num_key_value_heads", 2},
            {"head_dim", 16},
            {"max_position_embeddings", 4096},
            {"rms_norm_eps", 1e-6},
            {"rope_theta", 1e6},
            {"tie_word_embeddings", true}};
  }
  if (kind == Kind::kVae) {
    return {{"audio_channels", 2},           {"encoder_hidden_size", 128},
            {"decoder_channels", 128},       {"decoder_input_channels", 64},
            {"downsampling_ratios", {2, 4}}, {"channel_multiples", {1, 2}},
            {"sampling_rate", 48000}};
  }
  return {{"hidden_size", 64},
          {"intermediate_size", 96},
          {"num_attention_heads", 4},
          {"num_key_value_heads", 2},
          {"encoder_hidden_size", 64},
          {"encoder_intermediate_size", 96},
          {"encoder_num_attention_heads", 4},
          {"encoder_num_key_value_heads", 2},
          {"num_hidden_layers", 4},
          {"num_lyric_encoder_hidden_layers", 2},
          {"num_timbre_encoder_hidden_layers", 2},
          {"num_attention_pooler_hidden_layers", 2},
          {"fsq_dim", 64}};
}

// One above the limits of widths and of vocabularies.
constexpr int64_t k16 = (int64_t{1} << 16) + 1;
constexpr int64_t k17 = (int64_t{1} << 17) + 1;
constexpr int64_t k24 = (int64_t{1} << 24) + 1;

const std::vector<Bound>& bounds() {
  static const std::vector<Bound> all = {
      {"DitHidden", Kind::kDit, "hidden_size", 0, k16, true},
      {"DitIntermediate", Kind::kDit, "intermediate_size", 0, k16, true},
      {"DitHeads", Kind::kDit, "num_attention_heads", 0, 1025, true},
      {"DitKvHeads", Kind::kDit, "num_key_value_heads", 0, 1025, false},
      {"DitEncoderHidden", Kind::kDit, "encoder_hidden_size", 0, k16, false},
      {"DitEncoderIntermediate", Kind::kDit, "encoder_intermediate_size", 0, k16, true},
      {"DitEncoderHeads", Kind::kDit, "encoder_num_attention_heads", 0, 1025, true},
      {"DitEncoderKvHeads", Kind::kDit, "encoder_num_key_value_heads", 0, 1025, false},
      {"DitLayers", Kind::kDit, "num_hidden_layers", 0, 1025, true},
      {"DitLyricLayers", Kind::kDit, "num_lyric_encoder_hidden_layers", 0, 5, false},
      {"DitTimbreLayers", Kind::kDit, "num_timbre_encoder_hidden_layers", 0, 5, false},
      {"DitPoolerLayers", Kind::kDit, "num_attention_pooler_hidden_layers", 0, 5, false},
      {"DitSlidingWindow", Kind::kDit, "sliding_window", 0, k16, false},
      {"DitHeadDim", Kind::kDit, "head_dim", 1, k16, false},
      {"DitNormEpsilon", Kind::kDit, "rms_norm_eps", 0.0, 0.011, false},
      {"DitRopeTheta", Kind::kDit, "rope_theta", 0.9, 1.1e12, false},
      {"DitInChannels", Kind::kDit, "in_channels", 0, k16, false},
      {"DitLatentChannels", Kind::kDit, "audio_acoustic_hidden_dim", 0, k16, false},
      {"DitTextHidden", Kind::kDit, "text_hidden_dim", 0, k16, false},
      {"DitTimbreHidden", Kind::kDit, "timbre_hidden_dim", 0, k16, false},
      {"DitPatch", Kind::kDit, "patch_size", 0, k16, false},
      {"DitTimbreFrames", Kind::kDit, "timbre_fix_frame", 0, k16, false},
      {"DitPool", Kind::kDit, "pool_window_size", 0, k16, false},
      {"DitFsqDim", Kind::kDit, "fsq_dim", 0, k16, true},
      {"DitFsqLevels", Kind::kDit, "fsq_input_levels", json::array({1}), json::array({65}), false},
      {"DitFsqQuantizers", Kind::kDit, "fsq_input_num_quantizers", 0, 2, false},
      {"Qwen3Vocabulary", Kind::kQwen3, "vocab_size", 0, k24, true},
      {"Qwen3Hidden", Kind::kQwen3, "hidden_size", 0, k17, true},
      {"Qwen3Intermediate", Kind::kQwen3, "intermediate_size", 0, k17, true},
      {"Qwen3Layers", Kind::kQwen3, "num_hidden_layers", 0, 1025, true},
      {"Qwen3Heads", Kind::kQwen3, "num_attention_heads", 0, k17, true},
      {"Qwen3KvHeads", Kind::kQwen3, "num_key_value_heads", 0, 5, false},
      {"Qwen3HeadDim", Kind::kQwen3, "head_dim", 1, k17, true},
      {"Qwen3Positions", Kind::kQwen3, "max_position_embeddings", 0, k24, true},
      {"Qwen3NormEpsilon", Kind::kQwen3, "rms_norm_eps", 0.0, 1.1, true},
      {"Qwen3RopeTheta", Kind::kQwen3, "rope_theta", 0.9, 1.1e12, true},
      {"VaeAudioChannels", Kind::kVae, "audio_channels", 0, k16, true},
      {"VaeEncoderHidden", Kind::kVae, "encoder_hidden_size", 1, k16, true},
      {"VaeDecoderChannels", Kind::kVae, "decoder_channels", 0, k16, true},
      {"VaeDecoderInput", Kind::kVae, "decoder_input_channels", 0, k16, true},
      {"VaeRatios", Kind::kVae, "downsampling_ratios", json::array({0, 4}), json::array({1025, 4}),
       true},
      {"VaeMultiples", Kind::kVae, "channel_multiples", json::array({0, 2}), json::array({1, k16}),
       true},
      {"VaeSampleRate", Kind::kVae, "sampling_rate", 0, 1'000'001, true}};
  return all;
}

class ConfigBounds : public testing::TempFolder, public ::testing::WithParamInterface<Bound> {
 protected:
  void read(const json& content) const {
    const auto file = write("config.json", content.dump());
    if (GetParam().kind == Kind::kDit) read_dit_config(folder_);
    if (GetParam().kind == Kind::kQwen3) read_qwen3_config(file);
    if (GetParam().kind == Kind::kVae) read_oobleck_config(file);
  }
  std::string refusal_of(const json& value) const {
    json content = valid(GetParam().kind);
    content[GetParam().key] = value;
    return testing::message_of(ErrorCode::kModel, [&] { read(content); });
  }
  std::string named() const { return std::string(": ") + GetParam().key + " is "; }
};

TEST_P(ConfigBounds, AcceptTheValidFile) { EXPECT_NO_THROW(read(valid(GetParam().kind))); }

TEST_P(ConfigBounds, RefuseLess) { EXPECT_THAT(refusal_of(GetParam().low), HasSubstr(named())); }

TEST_P(ConfigBounds, RefuseMore) { EXPECT_THAT(refusal_of(GetParam().high), HasSubstr(named())); }

TEST_P(ConfigBounds, RefuseNumbersOutOfEveryRange) {
  for (const json& value : {json(-1), json(std::numeric_limits<int64_t>::min()),
                            json(std::numeric_limits<uint64_t>::max()), json(1e308)}) {
    EXPECT_THAT(refusal_of(value), HasSubstr(named())) << value;
  }
}

TEST_P(ConfigBounds, RefuseOtherTypes) {
  for (const json& value : {json("64"), json(true), json::object(), json::array()}) {
    EXPECT_THAT(refusal_of(value), HasSubstr(named())) << value;
  }
}

TEST_P(ConfigBounds, RefuseItsAbsenceWhereItIsNeeded) {
  json content = valid(GetParam().kind);
  content.erase(GetParam().key);
  if (!GetParam().is_required) {
    EXPECT_NO_THROW(read(content));
    return;
  }
  const std::string message = testing::message_of(ErrorCode::kModel, [&] { read(content); });
  EXPECT_THAT(message, HasSubstr(std::string(GetParam().key) + " is missing"));
}

INSTANTIATE_TEST_SUITE_P(Fields, ConfigBounds, ::testing::ValuesIn(bounds()),
                         [](const auto& bound) { return std::string(bound.param.name); });

class VaeProducts : public testing::TempFolder {
 protected:
  std::string refusal_of(const json& changes) const {
    json content = valid(Kind::kVae);
    content.update(changes);
    const auto file = write("config.json", content.dump());
    return testing::message_of(ErrorCode::kModel, [&] { read_oobleck_config(file); });
  }
};

TEST_F(VaeProducts, OfChannelsAreBounded) {
  EXPECT_THAT(refusal_of({{"decoder_channels", 65536}, {"channel_multiples", {1, 65536}}}),
              HasSubstr("channel_multiples"));
}

TEST_F(VaeProducts, OfRatiosAreBounded) {
  const std::vector<int> many(16, 1024);
  EXPECT_THAT(
      refusal_of({{"downsampling_ratios", many}, {"channel_multiples", std::vector(16, 1)}}),
      HasSubstr("downsampling_ratios"));
}

// Whatever a damaged config.json says, it is read or refused with Error kModel.
class DamagedConfig : public testing::TempFolder, public ::testing::WithParamInterface<Kind> {};

TEST_P(DamagedConfig, IsReadOrRefused) {
  constexpr int kMutations = 2000;
  util::SplitMix random(static_cast<uint64_t>(GetParam()) + 1);
  int read = 0;
  for (int i = 0; i < kMutations; ++i) {
    const auto file = write("config.json", fuzz::mutate_json(valid(GetParam()), random));
    try {
      if (GetParam() == Kind::kDit) read_dit_config(folder_);
      if (GetParam() == Kind::kQwen3) read_qwen3_config(file);
      if (GetParam() == Kind::kVae) read_oobleck_config(file);
      ++read;
    } catch (const Error& error) {
      ASSERT_EQ(error.code(), ErrorCode::kModel) << error.message();
    }
  }
  EXPECT_GT(read, 0);
  EXPECT_LT(read, kMutations);
}

INSTANTIATE_TEST_SUITE_P(Kinds, DamagedConfig,
                         ::testing::Values(Kind::kDit, Kind::kQwen3, Kind::kVae));

}  // namespace
}  // namespace acestep::models
