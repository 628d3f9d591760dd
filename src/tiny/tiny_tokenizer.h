// A small byte-level BPE tokenizer with the published added tokens and audio codes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace acestep::tiny {

// 65535 tokens <|audio_code_N|> follow the added tokens of the language model.
inline constexpr int64_t kAudioCodeTokens = 65535;

enum class TokenizerKind { kLanguageModel, kTextEncoder };

class TinyTokenizer final {
 public:
  // The vocabulary is fixed: the 256 byte tokens and merges for words of songs and of the language
  // model's metadata.
  TinyTokenizer();

  int64_t size(TokenizerKind kind) const;
  int64_t end_of_text_id() const;  // <|endoftext|>
  int64_t end_of_turn_id() const;  // <|im_end|>

  int64_t id_of(char ascii) const;  // of the token that is this character alone

  // vocab.json, merges.txt, tokenizer.json, added_tokens.json, tokenizer_config.json and
  // special_tokens_map.json. Only the text encoder's ends every text with <|endoftext|>. Throws
  // Error kOutput.
  void write(const std::filesystem::path& folder, TokenizerKind kind) const;

 private:
  void add_word(const std::string& word);
  bool has_merge(const std::string& first, const std::string& second) const;

  std::vector<std::string> tokens_;  // by id, in the byte alphabet
  std::vector<std::pair<std::string, std::string>> merges_;
};

}  // namespace acestep::tiny
