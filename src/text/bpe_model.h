// Byte-level BPE merging by SentencePiece on a model that is built in memory.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sentencepiece {
class SentencePieceProcessor;
}

namespace acestep::text {

// One piece that the engine may produce and the vocabulary id it stands for.
struct BpePiece {
  std::string_view token;  // in the byte alphabet
  int64_t id;
};

// Immutable after construction; safe to use from several threads.
class BpeModel final {
 public:
  // symbols: the 256 single-byte tokens. merged: the results of the merges, best rank first.
  // All tokens must differ. Throws Error kModel if SentencePiece refuses them.
  BpeModel(const std::vector<BpePiece>& symbols, const std::vector<BpePiece>& merged);
  ~BpeModel();
  BpeModel(BpeModel&&) noexcept;

  // Appends the ids of one pre-split word, given in the byte alphabet.
  void encode(std::string_view word, std::vector<int64_t>& ids) const;

 private:
  std::unique_ptr<sentencepiece::SentencePieceProcessor> engine_;
  std::vector<int64_t> ids_;  // engine piece index -> vocabulary id
};

}  // namespace acestep::text
