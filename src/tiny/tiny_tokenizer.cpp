#include "tiny/tiny_tokenizer.h"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string_view>

#include "text/byte_alphabet.h"
#include "tiny/tiny_words.h"
#include "util/atomic_file.h"
#include "util/error.h"

namespace acestep::tiny {
namespace {

using Json = nlohmann::ordered_json;

// In the published order; the first 14 are special: decoding may leave them out.
constexpr std::string_view kAddedTokens[] = {"<|endoftext|>",
                                             "<|im_start|>",
                                             "<|im_end|>",
                                             "<|object_ref_start|>",
                                             "<|object_ref_end|>",
                                             "<|box_start|>",
                                             "<|box_end|>",
                                             "<|quad_start|>",
                                             "<|quad_end|>",
                                             "<|vision_start|>",
                                             "<|vision_end|>",
                                             "<|vision_pad|>",
                                             "<|image_pad|>",
                                             "<|video_pad|>",
                                             "<tool_call>",
                                             "</tool_call>",
                                             "<|fim_prefix|>",
                                             "<|fim_middle|>",
                                             "<|fim_suffix|>",
                                             "<|fim_pad|>",
                                             "<|repo_name|>",
                                             "<|file_sep|>",
                                             "<tool_response>",
                                             "</tool_response>",
                                             "<think>",
                                             "</think>"};
constexpr size_t kSpecialTokens = 14;
constexpr size_t kEndOfTurnPlace = 2;

// How the published tokenizers split text before merging.
constexpr std::string_view kSplitRegex =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

struct AddedToken {
  std::string content;
  int64_t id = 0;
  bool is_special = false;
};

std::vector<AddedToken> added_tokens(int64_t first_id, TokenizerKind kind) {
  std::vector<AddedToken> tokens;
  for (size_t i = 0; i < std::size(kAddedTokens); ++i) {
    tokens.push_back(
        {std::string(kAddedTokens[i]), first_id + static_cast<int64_t>(i), i < kSpecialTokens});
  }
  const int64_t codes = kind == TokenizerKind::kLanguageModel ? kAudioCodeTokens : 0;
  for (int64_t code = 0; code < codes; ++code) {
    const int64_t id = first_id + static_cast<int64_t>(tokens.size());
    tokens.push_back({"<|audio_code_" + std::to_string(code) + "|>", id, false});
  }
  return tokens;
}

Json byte_level() {
  return {{"type", "ByteLevel"},
          {"add_prefix_space", false},
          {"trim_offsets", false},
          {"use_regex", false}};
}

Json pre_tokenizer() {
  const Json split = {{"type", "Split"},
                      {"pattern", {{"Regex", kSplitRegex}}},
                      {"behavior", "Isolated"},
                      {"invert", false}};
  return {{"type", "Sequence"}, {"pretokenizers", Json::array({split, byte_level()})}};
}

// Appends <|endoftext|> to every text.
Json ending_post_processor(const AddedToken& end) {
  const auto sequence = [](const char* id) {
    return Json{{"Sequence", {{"id", id}, {"type_id", 0}}}};
  };
  const Json special = {{"SpecialToken", {{"id", end.content}, {"type_id", 0}}}};
  const Json described = {
      {"id", end.content}, {"ids", Json::array({end.id})}, {"tokens", Json::array({end.content})}};
  const Json ending = {{"type", "TemplateProcessing"},
                       {"single", Json::array({sequence("A"), special})},
                       {"pair", Json::array({sequence("A"), special, sequence("B"), special})},
                       {"special_tokens", {{end.content, described}}}};
  return {{"type", "Sequence"}, {"processors", Json::array({byte_level(), ending})}};
}

Json described(const AddedToken& token) {
  return {{"content", token.content}, {"lstrip", false},      {"normalized", false},
          {"rstrip", false},          {"single_word", false}, {"special", token.is_special}};
}

// By hand, because there are 65561 of them.
std::string added_tokens_list(const std::vector<AddedToken>& tokens) {
  std::string text;
  for (const AddedToken& token : tokens) {
    text += text.empty() ? "[{\"id\":" : ",{\"id\":";
    text += std::to_string(token.id) + ",\"content\":\"" + token.content +
            "\",\"single_word\":false,\"lstrip\":false,\"rstrip\":false,\"normalized\":false,"
            "\"special\":" +
            (token.is_special ? "true}" : "false}");
  }
  return text + "]";
}

std::string added_tokens_file(const std::vector<AddedToken>& tokens) {
  std::string text;
  for (const AddedToken& token : tokens) {
    text += text.empty() ? "{\"" : ",\"";
    text += token.content + "\":" + std::to_string(token.id);
  }
  return text + "}\n";
}

Json special_contents(const std::vector<AddedToken>& tokens) {
  Json contents = Json::array();
  for (size_t i = 1; i < kSpecialTokens; ++i) contents.push_back(tokens[i].content);
  return contents;
}

std::string special_tokens_map(const std::vector<AddedToken>& tokens) {
  const auto without_special = [](const AddedToken& token) {
    Json json = described(token);
    json.erase("special");
    return json;
  };
  const Json map = {{"additional_special_tokens", special_contents(tokens)},
                    {"eos_token", without_special(tokens[kEndOfTurnPlace])},
                    {"pad_token", without_special(tokens[0])}};
  return map.dump(2) + "\n";
}

std::string tokenizer_config(const std::vector<AddedToken>& tokens) {
  Json decoder = Json::object();
  for (size_t i = 0; i < std::size(kAddedTokens); ++i) {
    decoder[std::to_string(tokens[i].id)] = described(tokens[i]);
  }
  const Json config = {{"add_bos_token", false},
                       {"add_prefix_space", false},
                       {"added_tokens_decoder", decoder},
                       {"additional_special_tokens", special_contents(tokens)},
                       {"bos_token", nullptr},
                       {"clean_up_tokenization_spaces", false},
                       {"eos_token", tokens[kEndOfTurnPlace].content},
                       {"errors", "replace"},
                       {"model_max_length", 131072},
                       {"pad_token", tokens[0].content},
                       {"split_special_tokens", false},
                       {"tokenizer_class", "Qwen2Tokenizer"},
                       {"unk_token", nullptr}};
  return config.dump(2) + "\n";
}

std::string vocab_text(const std::vector<std::string>& tokens) {
  std::string text;
  for (size_t id = 0; id < tokens.size(); ++id) {
    text.append(id ? "," : "{").append(Json(tokens[id]).dump());
    text.append(":").append(std::to_string(id));
  }
  return text + "}";
}

Json bpe_model() {
  return {{"type", "BPE"},
          {"dropout", nullptr},
          {"unk_token", nullptr},
          {"continuing_subword_prefix", ""},
          {"end_of_word_suffix", ""},
          {"fuse_unk", false},
          {"byte_fallback", false},
          {"ignore_merges", false}};
}

// `object` with one more member whose JSON text is given.
std::string with_member(const Json& object, std::string_view key, const std::string& value) {
  std::string text = object.dump();
  text.pop_back();
  return text.append(",\"").append(key).append("\":").append(value).append("}");
}

}  // namespace

TinyTokenizer::TinyTokenizer() {
  for (int byte = 0; byte < 256; ++byte) {
    tokens_.emplace_back(text::alphabet_symbol(static_cast<uint8_t>(byte)));
  }
  // The published vocabularies begin with the byte tokens in the order of their characters.
  std::sort(tokens_.begin(), tokens_.end());
  for (const std::string_view word : kWords) {
    for (const std::string_view start : {"", " "}) add_word(std::string(start).append(word));
  }
}

bool TinyTokenizer::has_merge(const std::string& first, const std::string& second) const {
  return std::find(merges_.begin(), merges_.end(), std::pair(first, second)) != merges_.end();
}

// Merges from the left until the word is a single token.
void TinyTokenizer::add_word(const std::string& word) {
  std::string merged(text::alphabet_symbol(static_cast<uint8_t>(word.front())));
  for (size_t i = 1; i < word.size(); ++i) {
    const std::string next(text::alphabet_symbol(static_cast<uint8_t>(word[i])));
    if (!has_merge(merged, next)) {
      merges_.emplace_back(merged, next);
      tokens_.push_back(merged + next);
    }
    merged += next;
  }
}

int64_t TinyTokenizer::end_of_text_id() const { return static_cast<int64_t>(tokens_.size()); }

int64_t TinyTokenizer::end_of_turn_id() const {
  return end_of_text_id() + static_cast<int64_t>(kEndOfTurnPlace);
}

int64_t TinyTokenizer::id_of(char ascii) const {
  const auto symbol = text::alphabet_symbol(static_cast<uint8_t>(ascii));
  return std::distance(tokens_.begin(), std::find(tokens_.begin(), tokens_.end(), symbol));
}

int64_t TinyTokenizer::size(TokenizerKind kind) const {
  const int64_t codes = kind == TokenizerKind::kLanguageModel ? kAudioCodeTokens : 0;
  return end_of_text_id() + static_cast<int64_t>(std::size(kAddedTokens)) + codes;
}

void TinyTokenizer::write(const std::filesystem::path& folder, TokenizerKind kind) const {
  const std::vector<AddedToken> added = added_tokens(end_of_text_id(), kind);
  Json merges = Json::array();
  std::string merges_file = "#version: 0.2\n";
  for (const auto& [first, second] : merges_) {
    merges.push_back(Json::array({first, second}));
    merges_file.append(first).append(" ").append(second).append("\n");
  }
  const std::string vocab = vocab_text(tokens_);
  const Json head = {{"version", "1.0"}, {"truncation", nullptr}, {"padding", nullptr}};
  const Json rules = {
      {"normalizer", {{"type", "NFC"}}},
      {"pre_tokenizer", pre_tokenizer()},
      {"post_processor",
       kind == TokenizerKind::kLanguageModel ? byte_level() : ending_post_processor(added[0])},
      {"decoder", byte_level()}};
  const std::string model =
      with_member(bpe_model(), "vocab", vocab + ",\"merges\":" + merges.dump());
  const std::string start = with_member(head, "added_tokens", added_tokens_list(added));
  const std::string whole =
      start.substr(0, start.size() - 1) + "," + with_member(rules, "model", model).substr(1) + "\n";

  util::write_atomically(folder / "tokenizer.json", whole);
  util::write_atomically(folder / "vocab.json", vocab + "\n");
  util::write_atomically(folder / "merges.txt", merges_file);
  util::write_atomically(folder / "added_tokens.json", added_tokens_file(added));
  util::write_atomically(folder / "tokenizer_config.json", tokenizer_config(added));
  util::write_atomically(folder / "special_tokens_map.json", special_tokens_map(added));
}

}  // namespace acestep::tiny
