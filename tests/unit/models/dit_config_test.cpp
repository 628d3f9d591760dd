#include "models/dit_config.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "util/error.h"

namespace acestep::models {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;

class DitConfigFile : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "acestep-config-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }

  DitConfig read(const json& content) const {
    std::ofstream(folder_ / "config.json") << content.dump();
    return read_dit_config(folder_);
  }
  std::string refusal(const json& content) const {
    try {
      read(content);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kModel);
      return error.message();
    }
    ADD_FAILURE() << "accepted " << content;
    return {};
  }
  static json small(const json& changes = json::object()) {
    json content = {{"hidden_size", 64},
                    {"intermediate_size", 96},
                    {"num_attention_heads", 4},
                    {"num_key_value_heads", 2},
                    {"num_hidden_layers", 4},
                    {"fsq_dim", 64},
                    {"num_lyric_encoder_hidden_layers", 2}};
    content.update(changes);
    return content;
  }

  fs::path folder_;
};

TEST_F(DitConfigFile, LyricHeadsAreRead) {
  const DitConfig config =
      read(small({{"lyric_alignment_layers_config", {{"3", {0, 2}}, {"1", json::array({1})}}}}));
  EXPECT_EQ(config.lyric_heads, (std::vector<LayerHeads>{{1, {1}}, {3, {0, 2}}}));
}

TEST_F(DitConfigFile, AFileWithoutLyricHeadsMeansThePublishedOnesThatItHas) {
  const DitConfig published = read(small({{"num_hidden_layers", 24}, {"num_attention_heads", 16}}));
  EXPECT_EQ(published.lyric_heads,
            (std::vector<LayerHeads>{{2, {6}}, {3, {10, 11}}, {4, {3}}, {5, {8, 9}}, {6, {8}}}));
  const DitConfig smaller = read(small({{"num_hidden_layers", 5}, {"num_attention_heads", 8}}));
  EXPECT_EQ(smaller.lyric_heads, (std::vector<LayerHeads>{{2, {6}}, {4, {3}}}));
  EXPECT_TRUE(read(small()).lyric_heads.empty());
}

TEST_F(DitConfigFile, AnXlFileMustNameItsLyricHeads) {
  const json xl = {{"encoder_hidden_size", 64},        {"encoder_intermediate_size", 96},
                   {"encoder_num_attention_heads", 4}, {"encoder_num_key_value_heads", 2},
                   {"num_hidden_layers", 24},          {"num_attention_heads", 16}};
  EXPECT_TRUE(read(small(xl)).lyric_heads.empty());
}

TEST_F(DitConfigFile, LyricHeadsThatAreNotThereAreRefused) {
  constexpr const char* kKey = "lyric_alignment_layers_config";
  for (const json& heads : {json({{"4", json::array({0})}}), json({{"1", json::array({4})}}),
                            json({{"one", json::array({0})}}), json({{"1", json::array()}}),
                            json({{"1", 0}}), json::object(), json::array({1})}) {
    EXPECT_THAT(refusal(small({{kKey, heads}})), HasSubstr(kKey)) << heads;
  }
}

TEST_F(DitConfigFile, EncodersFallBackToTheDecodersSizes) {
  const DitConfig config = read(small());
  EXPECT_FALSE(config.is_xl);
  EXPECT_EQ(config.encoder.hidden, 64);
  EXPECT_EQ(config.encoder.kv_heads, 2);
}

TEST_F(DitConfigFile, EncoderHiddenSizeMakesItXl) {
  const DitConfig config = read(small({{"hidden_size", 80},
                                       {"encoder_hidden_size", 64},
                                       {"encoder_intermediate_size", 100},
                                       {"encoder_num_attention_heads", 8},
                                       {"encoder_num_key_value_heads", 8}}));
  EXPECT_TRUE(config.is_xl);
  EXPECT_EQ(config.decoder.hidden, 80);
  EXPECT_EQ(config.encoder.hidden, 64);
  EXPECT_EQ(config.encoder.heads, 8);
}

TEST_F(DitConfigFile, LayersAlternateStartingWithSliding) {
  EXPECT_THAT(read(small()).layer_kinds,
              ::testing::ElementsAre(AttentionKind::kSliding, AttentionKind::kFull,
                                     AttentionKind::kSliding, AttentionKind::kFull));
}

TEST_F(DitConfigFile, IsNotTurboUnlessItSaysSo) {
  EXPECT_FALSE(read(small()).is_turbo);
  EXPECT_TRUE(read(small({{"is_turbo", true}})).is_turbo);
}

TEST_F(DitConfigFile, HasNoWindowWhenSlidingIsOff) {
  EXPECT_EQ(read(small()).sliding_window, 128);
  EXPECT_EQ(read(small({{"use_sliding_window", false}})).sliding_window, std::nullopt);
}

TEST_F(DitConfigFile, CountsItsCodes) { EXPECT_EQ(read(small()).codebook_entries(), 64000); }

struct BadValue {
  const char* key;
  json value;
};

class DitConfigRefuses : public DitConfigFile, public ::testing::WithParamInterface<BadValue> {};

TEST_P(DitConfigRefuses, NamingTheKey) {
  EXPECT_THAT(refusal(small({{GetParam().key, GetParam().value}})), HasSubstr(GetParam().key));
}

INSTANTIATE_TEST_SUITE_P(
    BadValues, DitConfigRefuses,
    ::testing::Values(BadValue{"hidden_size", -1}, BadValue{"hidden_size", "64"},
                      BadValue{"num_hidden_layers", 100000}, BadValue{"num_key_value_heads", 3},
                      BadValue{"head_dim", 15}, BadValue{"hidden_act", "gelu"},
                      BadValue{"rope_scaling", json::object({{"factor", 2}})},
                      BadValue{"layer_types", json::array({"full_attention"})},
                      BadValue{"layer_types", json::array({"a", "b", "c", "d"})},
                      BadValue{"num_lyric_encoder_hidden_layers", 5}, BadValue{"in_channels", 64},
                      BadValue{"fsq_dim", 32}, BadValue{"fsq_input_num_quantizers", 2},
                      BadValue{"fsq_input_levels", json::array({1})},
                      BadValue{"fsq_input_levels", json::array({64, 64, 64, 64, 64, 64})}));

}  // namespace
}  // namespace acestep::models
