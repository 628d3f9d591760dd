#include "text/tokenizer.h"

#include "tokenizer_folder.h"

namespace acestep::text {
namespace {

using ::testing::ElementsAre;
using Ids = std::vector<int64_t>;

class TokenizerTest : public TokenizerFolder {};

TEST_F(TokenizerTest, MergesByRank) { EXPECT_EQ(open().encode("abcab"), (Ids{kAbc, kAb})); }

TEST_F(TokenizerTest, NeverMergesAcrossPieces) {
  EXPECT_EQ(open().encode("a b"), (Ids{'a', ' ', 'b'}));
}

TEST_F(TokenizerTest, NeverMergesAcrossAddedTokens) {
  EXPECT_EQ(open().encode("a<think>b"), (Ids{'a', kThink, 'b'}));
}

TEST_F(TokenizerTest, TakesTheLongestAddedToken) {
  EXPECT_EQ(open().encode("<think>s<think>"), (Ids{kThinks, kThink}));
}

TEST_F(TokenizerTest, AlmostAnAddedTokenIsText) {
  EXPECT_EQ(open().encode("<think"), (Ids{'<', 't', 'h', 'i', 'n', 'k'}));
}

TEST_F(TokenizerTest, ComposesBeforeEncoding) {
  EXPECT_EQ(open().encode("e\u0301"), (Ids{kEAcute}));
}

TEST_F(TokenizerTest, RawTokensAreFoundBeforeNormalisation) {
  json_["added_tokens"].push_back(added(263, "e\u0301", false));
  EXPECT_EQ(open().encode("e\u0301 é"), (Ids{263, ' ', kEAcute}));
}

TEST_F(TokenizerTest, NormalizedTokensAreFoundAfterIt) {
  nlohmann::json token = added(263, "\u00C5x", false);
  token["normalized"] = true;
  json_["added_tokens"].push_back(token);
  EXPECT_EQ(open().encode("A\u030Ax"), (Ids{263}));
}

TEST_F(TokenizerTest, InvalidBytesBecomeTheReplacementCharacter) {
  const Tokenizer tokenizer = open();
  EXPECT_EQ(tokenizer.encode("a\xFF"), tokenizer.encode("a\uFFFD"));
}

TEST_F(TokenizerTest, EmptyTextHasNoIds) { EXPECT_THAT(open().encode(""), ElementsAre()); }

TEST_F(TokenizerTest, PostProcessorPutsTokensAroundTheText) {
  json_["post_processor"] = {
      {"type", "TemplateProcessing"},
      {"single",
       {{{"SpecialToken", {{"id", "<think>"}}}},
        {{"Sequence", {{"id", "A"}}}},
        {{"SpecialToken", {{"id", "<|end|>"}}}}}},
      {"special_tokens", {{"<think>", {{"ids", {kThink}}}}, {"<|end|>", {{"ids", {kEnd}}}}}}};
  EXPECT_EQ(open().encode("a"), (Ids{kThink, 'a', kEnd}));
}

// As Hugging Face truncates: to what is left beside the tokens of the template.
TEST_F(TokenizerTest, TruncatesTheTextButNotWhatTheTemplateAdds) {
  json_["post_processor"] = {
      {"type", "TemplateProcessing"},
      {"single",
       {{{"SpecialToken", {{"id", "<|pad|>"}, {"type_id", 0}}}},
        {{"Sequence", {{"id", "A"}, {"type_id", 0}}}},
        {{"SpecialToken", {{"id", "<|end|>"}, {"type_id", 0}}}}}},
      {"special_tokens",
       {{"<|pad|>", {{"id", "<|pad|>"}, {"ids", {kPad}}, {"tokens", {"<|pad|>"}}}},
        {"<|end|>", {{"id", "<|end|>"}, {"ids", {kEnd}}, {"tokens", {"<|end|>"}}}}}}};
  const Tokenizer tokenizer = open();
  EXPECT_EQ(tokenizer.encode_at_most("xyz", 5), (Ids{kPad, 'x', 'y', 'z', kEnd}));
  EXPECT_EQ(tokenizer.encode_at_most("xyz", 4), (Ids{kPad, 'x', 'y', kEnd}));
  EXPECT_EQ(tokenizer.encode_at_most("xyz", 2), (Ids{kPad, kEnd}));
  EXPECT_THROW(tokenizer.encode_at_most("xyz", 1), Error);
}

TEST_F(TokenizerTest, DecodesWhatItEncoded) {
  const Tokenizer tokenizer = open();
  const std::string text = "abc é <think>\n\x01 日本";
  EXPECT_EQ(tokenizer.decode(tokenizer.encode(text)), text);
}

TEST_F(TokenizerTest, CutCharactersDecodeToOneReplacementEach) {
  EXPECT_EQ(open().decode({0xE9, 0x9F, 'a', 0xFF}), "\uFFFDa\uFFFD");
}

TEST_F(TokenizerTest, SkipsSpecialTokensOnly) {
  EXPECT_EQ(open().decode({kThink, 'a', kEnd}, SpecialTokens::kSkip), "<think>a");
}

TEST_F(TokenizerTest, RolesMakeTokensSpecial) {
  config_["additional_special_tokens"] = {"<think>"};
  EXPECT_EQ(open().decode({kThink, 'a'}, SpecialTokens::kSkip), "a");
}

TEST_F(TokenizerTest, DecodingAnUnknownIdIsOurMistake) {
  const Tokenizer tokenizer = open();
  EXPECT_THROW(tokenizer.decode({263}), Error);
  EXPECT_THROW(tokenizer.decode({-1}), Error);
}

TEST_F(TokenizerTest, KnowsItsRolesAndSize) {
  const Tokenizer tokenizer = open();
  EXPECT_EQ(tokenizer.size(), 263);
  EXPECT_EQ(tokenizer.eos_id(), kEnd);
  EXPECT_EQ(tokenizer.pad_id(), kPad);
}

TEST_F(TokenizerTest, FindsTokensByContent) {
  const Tokenizer tokenizer = open();
  EXPECT_EQ(tokenizer.id_of("<think>"), kThink);
  EXPECT_EQ(tokenizer.id_of("abc"), kAbc);
  EXPECT_EQ(tokenizer.id_of("abcd"), std::nullopt);
  EXPECT_EQ(tokenizer.token_of(' '), "\u0120");
}

TEST_F(TokenizerTest, ReadsVocabularyAndMergesWithoutTokenizerJson) {
  write("vocab.json", json_["model"]["vocab"].dump());
  write("merges.txt",
        "#version: 0.2\na b\nab c\n" + to_alphabet("\xC3") + " " + to_alphabet("\xA9"));
  write("added_tokens.json",
        R"({"<|end|>": 259, "<|pad|>": 260, "<think>": 261, "<think>s": 262})");
  write("tokenizer_config.json", config_.dump());
  EXPECT_EQ(Tokenizer(folder_).encode("abc<think>"), (Ids{kAbc, kThink}));
}

}  // namespace
}  // namespace acestep::text
