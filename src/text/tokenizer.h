// The byte-level BPE tokenizers of the language model and of the text encoder, read from their
// files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acestep::text {

enum class SpecialTokens { kKeep, kSkip };

// Immutable after construction; safe to use from several threads.
class Tokenizer {
 public:
  // Reads a Hugging Face folder: tokenizer.json (or vocab.json + merges.txt), added_tokens.json,
  // tokenizer_config.json. Throws Error kModel naming file and key.
  explicit Tokenizer(const std::filesystem::path& folder);
  ~Tokenizer();
  Tokenizer(Tokenizer&&) noexcept;

  // Ids of `text` (UTF-8; invalid bytes become U+FFFD), with what the folder's post-processor
  // appends.
  std::vector<int64_t> encode(std::string_view text) const;
  // The same, at most `most_tokens` long: what is too long loses the end of the text, never what
  // the post-processor adds (as Hugging Face truncates). most_tokens must hold the latter.
  std::vector<int64_t> encode_at_most(std::string_view text, int64_t most_tokens) const;
  // UTF-8 text of `ids`; every maximal invalid part becomes one U+FFFD. Unknown ids: Error
  // kInternal.
  std::string decode(const std::vector<int64_t>& ids,
                     SpecialTokens special = SpecialTokens::kKeep) const;

  // The id of an added or plain token by its exact content ("<think>", "<|audio_code_7|>").
  std::optional<int64_t> id_of(std::string_view token) const;
  // The stored token string of an id (byte-level alphabet for plain tokens).
  std::string token_of(int64_t id) const;

  int64_t size() const;    // number of ids
  int64_t pad_id() const;  // <|endoftext|>
  int64_t eos_id() const;  // end of turn

 private:
  struct State;
  std::unique_ptr<const State> state_;
};

}  // namespace acestep::text
