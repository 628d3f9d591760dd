#include "lm/song_score.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <memory>

#include "text/lm_prompt.h"
#include "weights/safetensors_source.h"
#include "weights/weight_scope.h"

namespace acestep::lm {
namespace {

constexpr double kSameBound = 4e-5;  // cached against whole, float32 (golden/lm/README.md)

struct TinyLm {
  std::filesystem::path folder =
      std::filesystem::path(ACESTEP_TEST_DATA) / "checkpoints/e2e/acestep-5Hz-lm-0.6B";
  text::Tokenizer tokenizer{folder};
  std::unique_ptr<weights::TensorSource> source = weights::open_model_folder(folder);
  weights::WeightReader reader{*source, {.device = at::kCPU, .dtype = at::kFloat}, "tiny"};
  models::Qwen3Lm model{reader.root(), models::read_qwen3_config(folder / "config.json")};
};

const TinyLm& tiny() {
  static const TinyLm loaded;
  return loaded;
}

std::string many_words(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "word" + std::to_string(i) + " ";
  return text;
}

TEST(TargetReader, GivesALongTargetInPieces) {
  TargetReader reader(tiny().model, tiny().tokenizer);
  const std::string prompt = text::understand_prompt("<|audio_code_5|>");
  const std::string target = many_words(60);
  int64_t tokens = 0;
  int64_t calls = 0;
  reader.read(prompt, target, [&](const at::Tensor& logits, const at::Tensor& ids) {
    EXPECT_EQ(logits.size(0), ids.size(0));
    EXPECT_EQ(logits.size(1), tiny().model.vocab_size());
    tokens += ids.size(0);
    ++calls;
  });
  const auto prompt_tokens = static_cast<int64_t>(tiny().tokenizer.encode(prompt).size());
  EXPECT_EQ(tokens, reader.tokens_of(prompt, target) - prompt_tokens);
  EXPECT_GT(calls, 1);
}

TEST(TargetReader, AnEmptyTargetGivesNothing) {
  TargetReader reader(tiny().model, tiny().tokenizer);
  EXPECT_EQ(mean_log_probability(reader, "prompt", ""), -INFINITY);
  const Recall recall = top_k_recall(reader, "prompt", "", 10);
  EXPECT_EQ(recall.weighted, 0.0);
  EXPECT_TRUE(recall.by_rank.empty());
}

TEST(TargetReader, ReadsTheSameAfterOtherTexts) {
  const std::string prompt = text::understand_prompt("<|audio_code_5|><|audio_code_9|>");
  const std::string target = "<think>\nbpm: 90\n</think>\n";
  TargetReader fresh(tiny().model, tiny().tokenizer);
  const double expected = mean_log_probability(fresh, prompt, target);
  TargetReader used(tiny().model, tiny().tokenizer);
  mean_log_probability(used, prompt, many_words(40));
  EXPECT_NEAR(mean_log_probability(used, prompt, target), expected, kSameBound);
  mean_log_probability(used, text::understand_prompt(text::kNoUserInput), target);
  EXPECT_NEAR(mean_log_probability(used, prompt, target), expected, kSameBound);
}

TEST(TopKRecall, CountsEveryGuessOfTheWholeVocabulary) {
  TargetReader reader(tiny().model, tiny().tokenizer);
  const int64_t all = tiny().model.vocab_size();
  const Recall recall = top_k_recall(reader, "prompt", " some text", all);
  EXPECT_EQ(recall.by_rank.at(all), 1.0);
  EXPECT_GT(recall.weighted, 0.0);
  EXPECT_LT(recall.weighted, 1.0);
}

TEST(ScoreSong, TellsHowFarItIs) {
  std::vector<int64_t> steps;
  const ConditionScores scores =
      score_song(tiny().model, tiny().tokenizer,
                 {.audio_codes = "<|audio_code_1|>",
                  .caption = "calm",
                  .lyrics = "la",
                  .metadata = {{"bpm", int64_t{90}}, {"keyscale", std::monostate()}}},
                 {}, [&](int64_t done, int64_t of) {
                   EXPECT_EQ(of, 3);
                   steps.push_back(done);
                 });
  EXPECT_THAT(steps, ::testing::ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(scores,
              ::testing::UnorderedElementsAre(::testing::Key("bpm"), ::testing::Key("caption"),
                                              ::testing::Key("lyrics")));
}

TEST(TotalScore, WeighsWhatIsThere) {
  EXPECT_DOUBLE_EQ(total_score({{"caption", 1.0}, {"lyrics", 0.0}, {"bpm", 0.5}}), 0.6);
  EXPECT_DOUBLE_EQ(total_score({{"lyrics", 0.25}}), 0.25);
  EXPECT_EQ(total_score({}), 0.0);
}

}  // namespace
}  // namespace acestep::lm
