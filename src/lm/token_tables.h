// What the metadata grammar needs to know about a vocabulary, worked out once from its tokenizer.
#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lm/metadata_field.h"
#include "lm/prefix_tree.h"
#include "text/tokenizer.h"

namespace acestep::lm {

// Codes 0 … 63999 are valid; the vocabulary holds more that must never be produced
// (reference: constrained_logits_processor.py MAX_AUDIO_CODE).
inline constexpr int64_t kAudioCodes = 64000;

// Immutable after construction. Holds a reference to the tokenizer, which must live longer.
class TokenTables {
 public:
  // vocab_size: width of the model's logits. max_duration_seconds: largest duration that may be
  // generated. device: where the logits lie. Throws Error kModel when the vocabulary has no valid
  // audio codes or lacks a token the grammar writes.
  TokenTables(const text::Tokenizer& tokenizer, int64_t vocab_size, int max_duration_seconds,
              at::Device device);

  // The id to write next when `position` characters of a fixed text stand already: the longest
  // prefix of the rest that is a single token (reference: not the plain encoding).
  int64_t forced_token(std::string_view fixed_text, size_t position) const;

  // Values of a field as token sequences; only for fields with a closed set of values.
  const PrefixTree& values(Field field) const { return values_.at(field); }

  const text::Tokenizer& tokenizer() const { return tokenizer_; }
  int64_t vocab_size() const { return vocab_size_; }
  int64_t newline() const { return newline_; }
  int64_t backtick() const { return backtick_; }
  int64_t end_of_turn() const { return tokenizer_.eos_id(); }
  int64_t think_end() const { return think_end_; }
  int64_t digit(int value) const { return digits_[static_cast<size_t>(value)]; }

  // Valid audio codes: their ids lie in [first_audio, last_audio), in the order of the ids.
  int64_t first_audio() const { return audio_ids_.front(); }
  int64_t last_audio() const { return audio_ids_.back() + 1; }
  const std::vector<int64_t>& audio_ids() const { return audio_ids_; }
  // The code of a valid audio id, or -1.
  int64_t audio_code(int64_t id) const;

  // [V] bool: true at valid audio codes.
  const at::Tensor& is_audio() const { return is_audio_; }
  // [V] bool: false at valid audio codes and at the end of turn.
  const at::Tensor& is_not_code() const { return is_not_code_; }

 private:
  int64_t single_token(std::string_view content) const;
  PrefixTree value_tree(Field field, const std::vector<std::string>& values) const;
  void find_audio_codes(at::Device device);
  void add_fixed_text(const std::string& fixed_text);

  const text::Tokenizer& tokenizer_;
  int64_t vocab_size_;
  int64_t newline_;
  int64_t backtick_;
  int64_t think_end_;
  std::array<int64_t, 10> digits_{};
  std::vector<int64_t> audio_ids_;   // ascending
  std::vector<int64_t> code_of_id_;  // per id from first_audio; -1 at holes
  at::Tensor is_audio_;
  at::Tensor is_not_code_;
  std::map<Field, PrefixTree> values_;
  std::map<std::string, std::vector<int64_t>, std::less<>> forced_;
};

}  // namespace acestep::lm
