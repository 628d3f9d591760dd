#include "pipeline/compose.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include "diffusion/noise.h"
#include "unit/pipeline/small_models.h"

namespace acestep::pipeline {
namespace {

using request::GenerationRequest;
using ::testing::IsEmpty;
using testing::SilentObserver;
using ::testing::SizeIs;

// Metadata alone, which takes few tokens.
GenerationRequest small_request() {
  GenerationRequest request;
  request.caption = "calm piano";
  request.lyrics = "[Verse]\nla la";
  request.thinking = false;
  request.duration = 12.0;
  request.seeds = {7};
  request.lm_temperature = 0.0;
  return request;
}

// Loaded once: the language model stays from test to test.
Components& with_language_model() {
  static Components components(
      find_models({testing::small_checkpoints(), "acestep-v15-turbo", "acestep-5Hz-lm-0.6B"}), {},
      {}, {.keeps_models = true});
  return components;
}

class Compose : public ::testing::Test {
 protected:
  Batch compose(const GenerationRequest& request, bool follows_reference = false,
                Components& components = with_language_model()) {
    const c10::InferenceMode no_gradients;
    const song::StageContext context{.observer = observer_, .check_stop = {}};
    const auto global = follows_reference ? diffusion::make_generator(1) : at::Generator();
    std::vector<Batch> batches(1);
    batches.front().seeds = {{7, 7}};
    passes_.clear();
    ComposeStage{components, context, global}.run(request, batches, passes_);
    return batches.front();
  }
  song::Composition song(const GenerationRequest& request, bool follows_reference = false) {
    return compose(request, follows_reference).compositions.at(0);
  }
  std::string answer() const { return passes_.at(0).result.text; }

  SilentObserver observer_;
  std::vector<lm::ComposePass> passes_;
};

TEST_F(Compose, WithoutALanguageModelTheSongIsAsAsked) {
  Components components(find_models({testing::small_checkpoints(), "acestep-v15-turbo", "none"}),
                        {}, {});
  const Batch batch = compose(small_request(), false, components);
  EXPECT_THAT(passes_, IsEmpty());
  EXPECT_EQ(batch.compositions.at(0).caption, "calm piano");
  EXPECT_EQ(batch.compositions.at(0).metadata.bpm, std::nullopt);
}

TEST_F(Compose, TheModelIsLoadedOnceForAllSongs) {
  const c10::InferenceMode no_gradients;
  Components components(
      find_models({testing::small_checkpoints(), "acestep-v15-turbo", "acestep-5Hz-lm-0.6B"}), {},
      {});
  const song::StageContext context{.observer = observer_, .check_stop = {}};
  std::vector<Batch> batches(3);
  for (Batch& batch : batches) batch.seeds = {{7, 7}};
  ComposeStage{components, context, {}}.run(small_request(), batches, passes_);
  EXPECT_EQ(components.move_log().moves().at("language model").loads, 1);
  for (const Batch& batch : batches) EXPECT_THAT(batch.compositions, SizeIs(1));
}

TEST_F(Compose, TheModelIsNotAskedWhereNothingIsLeftToIt) {
  GenerationRequest request = small_request();
  request.use_cot_metas = request.use_cot_caption = request.use_cot_language = false;
  EXPECT_FALSE(request.wants_language_model());
  compose(request);
  EXPECT_THAT(passes_, IsEmpty());
}

TEST_F(Compose, TheModelFillsWhatIsOpen) {
  const song::Composition filled = song(small_request());
  EXPECT_TRUE(filled.metadata.bpm.has_value());
  EXPECT_FALSE(filled.metadata.keyscale.empty());
  EXPECT_EQ(filled.metadata.duration, 12.0);
  EXPECT_EQ(filled.lyrics, "[Verse]\nla la");
}

TEST_F(Compose, WhatTheUserGaveStays) {
  GenerationRequest request = small_request();
  request.bpm = 99;
  request.keyscale = "B minor";
  const song::Composition kept = song(request);
  EXPECT_EQ(kept.metadata.bpm, 99);
  EXPECT_EQ(kept.metadata.keyscale, "B minor");
  EXPECT_NE(answer().find("bpm: 99"), std::string::npos);
}

// docs/PARITY.md, "use_cot_language" (reference's quirk: the parser writes one name of the field
// and the renderer reads another).
TEST_F(Compose, TheModelsLanguageFillsAnOpenOne) {
  const song::Composition filled = song(small_request());
  EXPECT_NE(filled.language, "unknown");
  EXPECT_NE(answer().find("language: " + filled.language), std::string::npos);
}

TEST_F(Compose, AGivenLanguageWins) {
  const std::string chosen = song(small_request()).language;
  GenerationRequest request = small_request();
  request.vocal_language = chosen == "en" ? "fr" : "en";
  EXPECT_EQ(song(request).language, request.vocal_language);
}

TEST_F(Compose, ALanguageThatIsNotAskedForIsNotTaken) {
  GenerationRequest request = small_request();
  request.use_cot_language = false;
  EXPECT_EQ(song(request).language, "unknown");
}

TEST_F(Compose, TheReferenceNeverHearsOfTheLanguage) {
  EXPECT_EQ(song(small_request(), /*follows_reference=*/true).language, "unknown");
  EXPECT_NE(answer().find("language: "), std::string::npos);
}

// As the reference: the model's caption replaces the user's where it was asked for.
TEST_F(Compose, TheCaptionIsReplacedWhereAsked) {
  for (const bool follows_reference : {false, true}) {
    GenerationRequest request = small_request();
    EXPECT_NE(song(request, follows_reference).caption, "calm piano");
    request.use_cot_caption = false;
    EXPECT_EQ(song(request, follows_reference).caption, "calm piano");
  }
}

// The reference hands whole seconds to the metadata, but the full length to the codes.
TEST_F(Compose, ADurationWithAFractionIsWholeInTheMetadataOnly) {
  GenerationRequest request = small_request();
  request.duration = 10.4;
  request.thinking = true;
  request.lm_temperature = 0.8;
  const song::Composition song_of_fraction = song(request);
  EXPECT_NE(answer().find("duration: 10\n"), std::string::npos);
  EXPECT_THAT(song_of_fraction.audio_codes, SizeIs(52));
  EXPECT_EQ(song_of_fraction.metadata.duration, 10.4);
}

TEST_F(Compose, ReferencesWordsAreStrippedForTheModelOnly) {
  GenerationRequest request = small_request();
  request.keyscale = " G major ";
  request.timesignature = " N/a ";
  const song::Composition kept = song(request, /*follows_reference=*/true);
  EXPECT_NE(answer().find("keyscale: G major\n"), std::string::npos);
  EXPECT_EQ(kept.metadata.keyscale, " G major ");
}

}  // namespace
}  // namespace acestep::pipeline
