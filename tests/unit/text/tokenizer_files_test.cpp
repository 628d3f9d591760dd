#include "text/tokenizer_files.h"

#include "tokenizer_folder.h"

namespace acestep::text {
namespace {

using ::testing::HasSubstr;

class TokenizerFilesTest : public TokenizerFolder {};

TEST_F(TokenizerFilesTest, MissingFileIsNamed) {
  EXPECT_THAT(message_of([&] { Tokenizer tokenizer(folder_); }), HasSubstr("tokenizer.json"));
}

TEST_F(TokenizerFilesTest, MissingConfigIsNamed) {
  write("tokenizer.json", json_.dump());
  EXPECT_THAT(message_of([&] { Tokenizer tokenizer(folder_); }),
              HasSubstr("tokenizer_config.json"));
}

TEST_F(TokenizerFilesTest, TruncatedJsonIsRefused) {
  open();
  const std::string whole = json_.dump();
  write("tokenizer.json", whole.substr(0, whole.size() / 2));
  EXPECT_THAT(message_of([&] { Tokenizer tokenizer(folder_); }), HasSubstr("not valid JSON"));
}

TEST_F(TokenizerFilesTest, InvalidUtf8IsRefused) {
  open();
  write("tokenizer.json", "{\"model\": \"\xFF\"}");
  EXPECT_THAT(message_of([&] { Tokenizer tokenizer(folder_); }), HasSubstr("not valid UTF-8"));
}

TEST_F(TokenizerFilesTest, MissingKeyIsNamed) {
  json_["model"].erase("merges");
  EXPECT_THAT(refusal(), HasSubstr("key 'model' lacks the key 'merges'"));
}

TEST_F(TokenizerFilesTest, WrongTypeIsNamed) {
  json_["model"]["vocab"]["a"] = "97";
  EXPECT_THAT(refusal(), HasSubstr("key 'model.vocab.a' is \"97\", expected an integer"));
}

TEST_F(TokenizerFilesTest, NegativeIdIsRefused) {
  json_["model"]["vocab"]["a"] = -1;
  EXPECT_THAT(refusal(), HasSubstr("model.vocab.a' is -1"));
}

TEST_F(TokenizerFilesTest, HugeIdIsRefused) {
  json_["model"]["vocab"]["a"] = uint64_t{18446744073709551615U};
  EXPECT_THAT(refusal(), HasSubstr("model.vocab.a' is 18446744073709551615"));
}

TEST_F(TokenizerFilesTest, HugeAddedIdIsRefused) {
  json_["added_tokens"][0]["id"] = 4'000'000'000;
  EXPECT_THAT(refusal(), HasSubstr("added_tokens.0.id' is 4000000000"));
}

TEST_F(TokenizerFilesTest, GapsAreRefused) {
  json_["added_tokens"][3]["id"] = 300;
  EXPECT_THAT(refusal(), HasSubstr("without gaps"));
}

TEST_F(TokenizerFilesTest, DuplicatePlainIdIsRefused) {
  json_["model"]["vocab"]["a"] = 'b';
  EXPECT_THAT(refusal(), HasSubstr("both have id 98"));
}

TEST_F(TokenizerFilesTest, DuplicateAddedIdIsRefused) {
  json_["added_tokens"][1]["id"] = kEnd;
  EXPECT_THAT(refusal(), HasSubstr("repeats id 259"));
}

TEST_F(TokenizerFilesTest, OneTokenWithTwoIdsIsRefused) {
  json_["added_tokens"][3]["content"] = "<think>";
  EXPECT_THAT(refusal(), HasSubstr("'<think>' has two ids: 261 and 262"));
}

TEST_F(TokenizerFilesTest, ContradictingFilesAreRefused) {
  write("added_tokens.json", R"({"<other>": 259})");
  EXPECT_THAT(refusal(), HasSubstr("gives id 259 to '<other>', but it belongs to '<|end|>'"));
}

TEST_F(TokenizerFilesTest, MergeOfUnknownTokenIsRefused) {
  json_["model"]["merges"].push_back(nlohmann::json::array({"abc", "zz"}));
  EXPECT_THAT(refusal(), HasSubstr("merge 3 ('abc' + 'zz')"));
}

TEST_F(TokenizerFilesTest, RepeatedMergeIsRefused) {
  json_["model"]["merges"].push_back(nlohmann::json::array({"a", "b"}));
  EXPECT_THAT(refusal(), HasSubstr("an earlier merge gives"));
}

TEST_F(TokenizerFilesTest, MalformedMergeIsRefused) {
  json_["model"]["merges"][0] = "a b c";
  EXPECT_THAT(refusal(), HasSubstr("is no merge"));
}

TEST_F(TokenizerFilesTest, MissingByteIsRefused) {
  json_["model"]["vocab"].erase("z");
  json_["model"]["vocab"]["zz"] = 'z';
  EXPECT_THAT(refusal(), HasSubstr("lacks a token for byte 122"));
}

TEST_F(TokenizerFilesTest, UnknownRoleTokenIsRefused) {
  config_["eos_token"] = "<|stop|>";
  EXPECT_THAT(refusal(), HasSubstr("key 'eos_token' is '<|stop|>'"));
}

TEST_F(TokenizerFilesTest, MissingRoleIsRefused) {
  config_.erase("pad_token");
  EXPECT_THAT(refusal(), HasSubstr("lacks the key 'pad_token'"));
}

TEST_F(TokenizerFilesTest, BadPatternIsRefused) {
  json_["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"] = "(";
  EXPECT_THAT(refusal(), HasSubstr("not a valid regular expression"));
}

TEST_F(TokenizerFilesTest, UnknownStepIsRefused) {
  json_["normalizer"]["type"] = "Lowercase";
  EXPECT_THAT(refusal(), HasSubstr("is 'Lowercase', which is not supported"));
}

TEST_F(TokenizerFilesTest, OtherModelTypeIsRefused) {
  json_["model"]["type"] = "Unigram";
  EXPECT_THAT(refusal(), HasSubstr("is 'Unigram', expected 'BPE'"));
}

TEST_F(TokenizerFilesTest, StrippingTokensAreRefused) {
  json_["added_tokens"][0]["lstrip"] = true;
  EXPECT_THAT(refusal(), HasSubstr("lstrip' is true"));
}

}  // namespace
}  // namespace acestep::text
