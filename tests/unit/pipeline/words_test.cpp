#include "pipeline/words.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gmock/gmock.h>

#include "diffusion/noise.h"
#include "pipeline/composed_request.h"
#include "pipeline/engine.h"
#include "request/document.h"
#include "request/layer.h"
#include "unit/pipeline/small_models.h"
#include "util/error.h"

namespace acestep::pipeline {
namespace {

using request::GenerationRequest;
using ::testing::ElementsAre;
using ::testing::Not;
using ::testing::SizeIs;

// Loaded once: the models stay from test to test.
Components& components() {
  static Components all(
      find_models({testing::small_checkpoints(), "acestep-v15-turbo", "acestep-5Hz-lm-0.6B"}), {},
      {}, {.keeps_models = true});
  return all;
}

GenerationRequest small_request() {
  GenerationRequest request;
  request.duration = 10.0;
  request.inference_steps = 2;
  request.seeds = {7};
  request.use_cot_caption = request.use_cot_language = false;
  return request;
}

class Words : public ::testing::Test {
 protected:
  Words() { at::set_num_threads(1); }

  Rendering composed(const GenerationRequest& request, const EngineOptions& options = {}) {
    return Engine(components(), options, context()).compose_only(request);
  }
  Song rendered(const GenerationRequest& request) {
    return std::move(Engine(components(), {}, context()).render(request).songs.at(0));
  }
  song::StageContext context() { return {.observer = observer_, .check_stop = {}}; }

  testing::SilentObserver observer_;
};

TEST_F(Words, OfAWishFillWhatIsOpen) {
  GenerationRequest request = small_request();
  request.sample_query = "a soft Bengali love song";
  request.bpm = 96;
  const Song song = composed(request).songs.at(0);
  ASSERT_TRUE(song.rewritten);
  EXPECT_FALSE(song.rewritten->wants_words());
  EXPECT_NE(song.rewritten->caption, "");
  EXPECT_EQ(song.rewritten->vocal_language, "bn");
  EXPECT_EQ(song.rewritten->bpm, 96);
  EXPECT_EQ(song.rewritten->duration, 10.0);
  EXPECT_FALSE(song.rewritten->use_cot_metas);
  EXPECT_EQ(song.composition.caption, song.rewritten->caption);
  EXPECT_THAT(observer_.stages, ElementsAre("create-sample", "compose"));
}

TEST_F(Words, MakeTheSongAgainByThemselves) {
  GenerationRequest request = small_request();
  request.sample_mode = true;
  const Song song = composed(request).songs.at(0);
  const Song again = composed(*song.rewritten).songs.at(0);
  EXPECT_FALSE(again.rewritten);
  EXPECT_THAT(song.composition.audio_codes, SizeIs(50));
  EXPECT_EQ(again.composition.audio_codes, song.composition.audio_codes);
}

TEST_F(Words, ThatAreRewrittenLeaveGivenValues) {
  GenerationRequest request = small_request();
  request.caption = "latin pop";
  request.lyrics = "[Verse]\nla la";
  request.duration = 10.5;
  request.keyscale = "A minor";
  request.use_format = true;
  request.thinking = false;
  const Song song = composed(request).songs.at(0);
  EXPECT_EQ(song.rewritten->duration, 10.5);
  EXPECT_EQ(song.rewritten->keyscale, "A minor");
  EXPECT_NE(song.rewritten->caption, "latin pop");
}

TEST_F(Words, OfABatchBelongToEachSong) {
  GenerationRequest request = small_request();
  request.sample_query = "x";
  request.thinking = false;
  request.batch_size = 2;
  request.seeds = {6, 7};
  const Rendering both = composed(request);
  request.batch_size = 1;
  request.seeds = {7};
  EXPECT_EQ(both.songs.at(1).rewritten->caption, composed(request).songs.at(0).rewritten->caption);
  EXPECT_NE(both.songs.at(0).rewritten->caption, both.songs.at(1).rewritten->caption);
}

TEST_F(Words, OfTheReferencesBatchAreWrittenOnce) {
  GenerationRequest request = small_request();
  request.sample_query = "x";
  request.thinking = false;
  request.batch_size = 2;
  request.seeds = {6, 7};
  const Rendering both = composed(request, {.follows_reference = true, .global_seed = 3});
  EXPECT_THAT(both.passes, SizeIs(1));
  EXPECT_EQ(both.songs.at(0).rewritten->caption, both.songs.at(1).rewritten->caption);
}

TEST_F(Words, NeedALanguageModel) {
  Components none(find_models({testing::small_checkpoints(), "acestep-v15-turbo", "none"}), {}, {});
  GenerationRequest request = small_request();
  request.sample_query = "x";
  EXPECT_THROW(Engine(none, {}, context()).compose_only(request), Error);
}

// Ends every answer at once.
class SilentDecoder final : public lm::Decoder {
 public:
  SilentDecoder(int64_t vocabulary, int64_t end) : vocabulary_(vocabulary), end_(end) {}

  at::Tensor read(const lm::PromptBatch&, int64_t, models::HeadRows) override {
    return at::zeros({1, vocabulary_}).index_fill(1, at::tensor({end_}), 100.0);
  }
  at::Tensor step(const std::vector<int64_t>&, models::HeadRows rows) override {
    return read({}, 0, rows);
  }
  const models::HeadWindow& window() const override { return window_; }
  int64_t vocab_size() const override { return vocabulary_; }
  at::Device device() const override { return at::kCPU; }
  void reset() override {}

 private:
  int64_t vocabulary_;
  int64_t end_;
  models::HeadWindow window_ = {};
};

class MissingLyrics : public Words {
 protected:
  GenerationRequest write(const GenerationRequest& request, const MemoryPolicy& policy = {}) {
    const c10::InferenceMode no_gradients;
    const auto loaded = components().language_model();
    SilentDecoder decoder(loaded->config.vocab_size, loaded->tokenizer.eos_id());
    const lm::LanguageModel model{decoder, loaded->tables};
    const song::StageContext here = context();
    return WordWriter{model, here, text::Compat::kFixed, policy, passes_}.write(
        request, diffusion::make_generator(7));
  }
  static GenerationRequest wants_lyrics() {
    GenerationRequest request = small_request();
    request.caption = "latin pop";
    request.use_cot_lyrics = true;
    request.use_constrained_decoding = false;
    return request;
  }
  int exit_code(const GenerationRequest& request, const MemoryPolicy& policy = {}) {
    try {
      write(request, policy);
    } catch (const Error& error) {
      return error.exit_code();
    }
    return 0;
  }

 private:
  std::vector<lm::ComposePass> passes_;
};

TEST_F(MissingLyrics, AreAnError) {
  EXPECT_EQ(exit_code(wants_lyrics()), static_cast<int>(ErrorCode::kRejected));
}

TEST_F(MissingLyrics, BecomeAnInstrumentalWhereThatIsAllowed) {
  GenerationRequest request = wants_lyrics();
  request.allow_fallback = true;
  const GenerationRequest written = write(request);
  EXPECT_EQ(written.lyrics, "[Instrumental]");
  EXPECT_EQ(written.caption, "latin pop");
  EXPECT_FALSE(written.use_cot_lyrics);
  EXPECT_THAT(observer_.adjustments, SizeIs(1));
}

TEST_F(MissingLyrics, StayAnErrorWhereNothingMayBeAdapted) {
  GenerationRequest request = wants_lyrics();
  request.allow_fallback = true;
  EXPECT_EQ(exit_code(request, {.may_adapt = false}), static_cast<int>(ErrorCode::kRejected));
}

TEST_F(MissingLyrics, OfAWishAreAnErrorToo) {
  GenerationRequest request = wants_lyrics();
  request.use_cot_lyrics = false;
  request.sample_mode = true;
  EXPECT_EQ(exit_code(request), static_cast<int>(ErrorCode::kRejected));
}

// A request file as the program reads it.
request::Settings read(const nlohmann::json& object) {
  request::Findings findings;
  const request::Document document = request::read_request_json(object.dump(), "kept.json");
  const request::Gathered gathered =
      request::gather({request::read_layer(document, findings).layer}, findings);
  EXPECT_THAT(findings.problems, SizeIs(0));
  return gathered.settings;
}

TEST_F(Words, AndCodesThatAreKeptMakeTheSameSong) {
  GenerationRequest request = small_request();
  request.caption = "warm folk";
  request.lyrics = "[Verse]\nla la";
  const Song song = rendered(request);
  const nlohmann::json kept = composed_request({.request = request, .compat = "none"}, song);
  EXPECT_EQ(kept.at("lm_model_path"), "none");
  const Song again = rendered(read(kept));
  EXPECT_THAT(again.composition.audio_codes, SizeIs(50));
  EXPECT_EQ(again.waveform.samples, song.waveform.samples);
  EXPECT_THAT(again.waveform.samples, Not(SizeIs(0)));
}

}  // namespace
}  // namespace acestep::pipeline
