// Cuts text at the tokens that stand outside the BPE vocabulary ("<think>", "<|audio_code_7|>").
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace acestep::text {

struct AddedToken {
  std::string content;
  int64_t id;
  bool is_special;     // left out by SpecialTokens::kSkip
  bool is_normalized;  // looked for in the normalised text, not in the raw text
};

// A part of the text: an added token (id is set) or plain text between two of them.
struct TextPart {
  std::string_view text;
  std::optional<int64_t> id;
};

// Immutable after construction; safe to use from several threads.
class AddedTokenSplitter final {
 public:
  void add(std::string content, int64_t id);

  // The parts of `text` in order. Of the tokens starting at one place the longest is taken; the
  // leftmost place wins. The views live as long as `text`.
  std::vector<TextPart> split(std::string_view text) const;

 private:
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };

  std::optional<TextPart> longest_at(std::string_view text) const;

  std::unordered_map<std::string, int64_t, Hash, std::equal_to<>> ids_;
  std::array<std::vector<size_t>, 256> lengths_bytes_;  // by first byte, longest first
};

}  // namespace acestep::text
