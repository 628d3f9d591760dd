#include "lm/composer.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <deque>

#include "text/tokenizer.h"
#include "unit/util/temp_folder.h"

namespace acestep::lm {
namespace {

using acestep::testing::message_of;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int kLimitSeconds = 240;

const text::Tokenizer& tokenizer() {
  static const text::Tokenizer loaded(std::filesystem::path(ACESTEP_TEST_DATA) /
                                      "checkpoints/e2e/acestep-5Hz-lm-0.6B");
  return loaded;
}

const TokenTables& tables() {
  static const TokenTables built(tokenizer(), tokenizer().size(), kLimitSeconds, at::kCPU);
  return built;
}

// Wants to say one text per pass, then to end; the grammar may forbid it.
class ScriptedDecoder final : public Decoder {
 public:
  explicit ScriptedDecoder(std::deque<std::string> texts) : texts_(std::move(texts)) {}

  at::Tensor read(const PromptBatch& prompts, int64_t, models::HeadRows rows) override {
    ACE_CHECK(!texts_.empty());
    ids_ = tokenizer().encode(texts_.front());
    texts_.pop_front();
    rows_ = static_cast<int64_t>(prompts.rows.size());
    next_ = 0;
    return logits(rows);
  }
  at::Tensor step(const std::vector<int64_t>&, models::HeadRows rows) override {
    return logits(rows);
  }
  const models::HeadWindow& window() const override { return window_; }
  int64_t vocab_size() const override { return tokenizer().size(); }
  at::Device device() const override { return at::kCPU; }
  void reset() override {}

  float likeliest = 10.0F;

 private:
  at::Tensor logits(models::HeadRows rows) {
    const int64_t id = next_ < ids_.size() ? ids_[next_] : tokenizer().eos_id();
    ++next_;
    const at::Tensor row = at::zeros({vocab_size()}, at::TensorOptions(at::kFloat));
    row.select(0, id).fill_(likeliest);
    if (rows == models::HeadRows::kAll) return row.expand({rows_, -1}).clone();
    const at::Tensor range = row.slice(0, window_.first, window_.last);
    return at::cat({range, row.select(0, window_.single).view({1})}).expand({rows_, -1}).clone();
  }

  std::deque<std::string> texts_;
  std::vector<int64_t> ids_;
  std::size_t next_ = 0;
  int64_t rows_ = 1;
  models::HeadWindow window_{tables().first_audio(), tables().last_audio(), tables().end_of_turn()};
};

std::string thought(const std::string& duration) {
  return "<think>\nbpm: 120\ncaption: A calm song.\nduration: " + duration +
         "\nkeyscale: A minor\nlanguage: en\ntimesignature: 4\n</think>";
}

// Codes 1, 1, …, as many as asked for.
std::string codes(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "<|audio_code_1|>";
  return text;
}

ComposeRequest request(Compat compat = Compat::kFixed) {
  ComposeRequest request;
  request.caption = "calm piano";
  request.lyrics = "[Instrumental]";
  request.goal = ComposeGoal::kMetadata;
  request.sampling.temperature = 0.0;
  request.limits.max_duration_seconds = kLimitSeconds;
  request.compat = compat;
  return request;
}

at::Generator generator(uint64_t seed = 1) {
  return at::make_generator<at::CPUGeneratorImpl>(seed);
}

Composition compose_scripted(const ComposeRequest& asked, std::deque<std::string> texts) {
  ScriptedDecoder decoder(std::move(texts));
  return compose({decoder, tables()}, asked, generator());
}

std::vector<Composition> reference_batch(const ComposeRequest& asked,
                                         const std::vector<uint64_t>& seeds,
                                         std::deque<std::string> texts) {
  ScriptedDecoder decoder(std::move(texts));
  return compose_reference_batch({decoder, tables()}, asked, generator(), seeds);
}

TEST(Compose, TakesWhatTheModelWrites) {
  const Composition song = compose_scripted(request(), {thought("60")});
  EXPECT_EQ(text::to_text(text::value_of(song.metadata, "duration")), "60");
  EXPECT_EQ(song.caption, "A calm song.");
  EXPECT_EQ(song.language, "en");
  EXPECT_THAT(song.audio_codes, IsEmpty());
  EXPECT_THAT(song.passes, SizeIs(1));
}

// docs/PARITY.md, "use_cot_language".
TEST(Compose, TheReferenceLosesTheLanguage) {
  EXPECT_EQ(compose_scripted(request(Compat::kReference), {thought("60")}).language, std::nullopt);
}

// docs/PARITY.md, "no metadata and use_cot_metas off".
TEST(Compose, WithoutMetadataThereIsNothingToThinkAboutAndTheReferenceFails) {
  ComposeRequest asked = request();
  asked.use_cot_metas = false;
  EXPECT_THAT(compose_scripted(asked, {}).metadata, IsEmpty());
  asked.compat = Compat::kReference;
  EXPECT_THAT(message_of(ErrorCode::kUsage, [&] { compose_scripted(asked, {}); }),
              HasSubstr("use_cot_metas is off"));
}

// Kept as it is: all four given, the first pass is skipped and with it caption and language.
TEST(Compose, AllMetadataGivenSkipsTheThought) {
  ComposeRequest asked = request();
  asked.given = {{"bpm", int64_t{100}},
                 {"keyscale", std::string("A minor")},
                 {"timesignature", std::string("4")},
                 {"duration", int64_t{30}}};
  const Composition song = compose_scripted(asked, {});
  EXPECT_THAT(song.passes, IsEmpty());
  EXPECT_EQ(song.caption, std::nullopt);
}

// docs/PARITY.md, "given values".
TEST(Compose, GivenValuesOutsideTheirRangeAreAnErrorExceptForTheReference) {
  ComposeRequest asked = request();
  asked.given = {{"bpm", int64_t{999}}};
  EXPECT_THAT(message_of(ErrorCode::kUsage, [&] { compose_scripted(asked, {}); }),
              HasSubstr("30 … 300"));
  asked.compat = Compat::kReference;
  const Composition song = compose_scripted(asked, {thought("60")});
  EXPECT_EQ(text::to_text(text::value_of(song.metadata, "bpm")), "999");
}

// docs/PARITY.md, "duration above the tier's limit".
TEST(Compose, TheLimitGivesWayToTheAskedDurationExceptForTheReference) {
  ComposeRequest asked = request();
  asked.goal = ComposeGoal::kMetadataAndCodes;
  asked.limits.max_duration_seconds = 12;
  asked.target_seconds = 20.0;
  const Composition song = compose_scripted(asked, {thought("12"), codes(200)});
  EXPECT_THAT(song.audio_codes, SizeIs(100));
  EXPECT_EQ(song.passes.at(1).result.new_ids.back(), tokenizer().eos_id());
  asked.compat = Compat::kReference;
  const Composition cut = compose_scripted(asked, {thought("12"), codes(200)});
  EXPECT_THAT(cut.audio_codes, SizeIs(70));  // 5 × 12 and ten tokens of room
  EXPECT_NE(cut.passes.at(1).result.new_ids.back(), tokenizer().eos_id());
}

// docs/PARITY.md, "given values": what an unconstrained model chooses is checked as well.
TEST(Compose, AChosenDurationOutsideTheRangeIsRejectedExceptForTheReference) {
  for (const std::string& duration : {std::string("9"), std::string("3000")}) {
    ComposeRequest asked = request();
    asked.use_constrained_decoding = false;
    EXPECT_THAT(
        message_of(ErrorCode::kRejected, [&] { compose_scripted(asked, {thought(duration)}); }),
        AllOf(HasSubstr(duration + " seconds"), HasSubstr("10 … 600")));
    asked.target_seconds = 30.0;  // the user's own counts, whatever the model writes
    EXPECT_NO_THROW(compose_scripted(asked, {thought(duration)}));
    asked.target_seconds.reset();
    asked.compat = Compat::kReference;
    EXPECT_NO_THROW(compose_scripted(asked, {thought(duration)}));
  }
}

TEST(Compose, AModelThatSaysNothingIsRejected) {
  ComposeRequest asked = request();
  asked.use_constrained_decoding = false;
  ScriptedDecoder decoder({""});
  asked.limits.max_model_tokens = 64;  // no room for a single token
  message_of(ErrorCode::kRejected, [&] { compose({decoder, tables()}, asked, generator()); });
}

TEST(Compose, LogitsThatAreNotFiniteAreRejectedNamingTheToken) {
  ScriptedDecoder decoder({thought("60")});
  decoder.likeliest = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(message_of(ErrorCode::kRejected,
                         [&] {
                           compose({decoder, tables()}, request(), generator());
                         }),
              AllOf(HasSubstr("compose"), HasSubstr("after 0 tokens")));
}

// docs/PARITY.md, "batches": groups of eight, one thought for each, the first one serves all.
TEST(ComposeReferenceBatch, NineSongsAreAGroupOfEightAndOneMore) {
  std::deque<std::string> texts = {thought("10")};
  for (int i = 0; i < 8; ++i) texts.push_back(codes(50));
  texts.push_back(thought("20"));
  texts.push_back(codes(100));
  ComposeRequest asked = request(Compat::kReference);
  asked.goal = ComposeGoal::kMetadataAndCodes;
  const auto songs = reference_batch(asked, {1, 2, 3, 4, 5, 6, 7, 8, 9}, texts);
  ASSERT_THAT(songs, SizeIs(9));
  EXPECT_THAT(songs[0].passes, SizeIs(2));  // the thought and the codes
  EXPECT_THAT(songs[1].passes, SizeIs(1));
  EXPECT_THAT(songs[8].passes, SizeIs(2));
  EXPECT_THAT(songs[7].audio_codes, SizeIs(50));
  EXPECT_THAT(songs[8].audio_codes, SizeIs(100));
  for (const Composition& song : songs) {
    EXPECT_EQ(text::to_text(text::value_of(song.metadata, "duration")), "10");
  }
}

// A song of a larger group starts from its seed, whoever stands before it.
TEST(ComposeReferenceBatch, SongsOfAGroupAreSeeded) {
  ComposeRequest asked = request(Compat::kReference);
  asked.goal = ComposeGoal::kMetadataAndCodes;
  asked.sampling.temperature = 1.0;
  const auto sing = [&](const std::vector<uint64_t>& seeds) {
    ScriptedDecoder decoder({thought("10"), "", ""});
    decoder.likeliest = 0.0F;
    return compose_reference_batch({decoder, tables()}, asked, generator(7), seeds);
  };
  asked.use_cot_metas = false;
  asked.given = {{"duration", int64_t{10}}};
  const auto one = sing({3, 4});
  const auto other = sing({4, 3});
  EXPECT_EQ(one[0].audio_codes, other[1].audio_codes);
  EXPECT_EQ(one[1].audio_codes, other[0].audio_codes);
  EXPECT_NE(one[0].audio_codes, one[1].audio_codes);
}

// docs/PARITY.md, "skipped fields": a caption that names the skipped language moves on; the
// reference's grammar has nothing left to allow but newlines.
TEST(Compose, ACaptionThatNamesASkippedFieldMovesOnExceptForTheReference) {
  const std::string text = "<think>\nbpm: 120\ncaption: A calm song.\nlanguage: en\n</think>";
  ComposeRequest asked = request();
  asked.use_cot_language = false;
  asked.use_cot_caption = true;
  const Composition song = compose_scripted(asked, {text});
  EXPECT_FALSE(text::is_null(text::value_of(song.metadata, "timesignature")));
  asked.compat = Compat::kReference;
  const Composition stuck = compose_scripted(asked, {text});
  EXPECT_EQ(stuck.passes.at(0).result.new_ids.back(), tables().newline());
  EXPECT_EQ(static_cast<int64_t>(stuck.passes.at(0).result.new_ids.size()),
            stuck.passes.at(0).request.max_new_tokens);
}

}  // namespace
}  // namespace acestep::lm
