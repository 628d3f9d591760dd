#include "text/bpe_model.h"

#include <sentencepiece_processor.h>

#include <bit>

#include "util/error.h"

namespace acestep::text {
namespace {

// Field numbers and enumerators of sentencepiece_model.proto, which Debian does not ship compiled.
constexpr int kModelPieces = 1;
constexpr int kModelTrainerSpec = 2;
constexpr int kModelNormalizerSpec = 3;
constexpr int kPieceText = 1;
constexpr int kPieceScore = 2;
constexpr int kPieceType = 3;
constexpr int kTrainerModelType = 3;
constexpr int kTrainerVocabSize = 4;
constexpr int kTrainerUnkId = 40;
constexpr int kTrainerBosId = 41;
constexpr int kTrainerEosId = 42;
constexpr int kTrainerPadId = 43;
constexpr int kNormalizerName = 1;
constexpr int kNormalizerAddDummyPrefix = 3;
constexpr int kNormalizerRemoveExtraWhitespaces = 4;
constexpr int kNormalizerEscapeWhitespaces = 5;
constexpr int kTypeNormal = 1;
constexpr int kTypeUnknown = 2;
constexpr int kModelTypeBpe = 2;

// The engine insists on an unknown piece. A control character never occurs in the byte alphabet, so
// this one can neither collide with a token nor be produced.
constexpr std::string_view kUnknownPiece = "\x01";

// Writes one protobuf message in wire format.
class MessageWriter {
 public:
  void integer(int field, int64_t value) {
    key(field, 0);
    // Negative numbers travel as their 64-bit two's complement.
    varint(static_cast<uint64_t>(value));
  }

  void text(int field, std::string_view value) {
    key(field, 2);
    varint(value.size());
    bytes_ += value;
  }

  void number(int field, float value) {
    key(field, 5);
    const uint32_t bits = std::bit_cast<uint32_t>(value);
    for (int shift = 0; shift < 32; shift += 8) bytes_ += static_cast<char>(bits >> shift & 0xFF);
  }

  void piece(std::string_view token, float score, int type) {
    MessageWriter piece;
    piece.text(kPieceText, token);
    piece.number(kPieceScore, score);
    piece.integer(kPieceType, type);
    text(kModelPieces, piece.bytes_);
  }

  const std::string& bytes() const { return bytes_; }

 private:
  void key(int field, uint64_t wire_type) { varint(static_cast<uint64_t>(field) << 3 | wire_type); }

  void varint(uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>((value & 0x7F) | 0x80);
    bytes_ += static_cast<char>(value);
  }

  std::string bytes_;
};

std::string trainer_spec(int64_t pieces) {
  MessageWriter spec;
  spec.integer(kTrainerModelType, kModelTypeBpe);
  spec.integer(kTrainerVocabSize, pieces + 1);
  spec.integer(kTrainerUnkId, pieces);
  for (const int field : {kTrainerBosId, kTrainerEosId, kTrainerPadId}) spec.integer(field, -1);
  return spec.bytes();
}

// Text reaches the engine normalised and split: it must change nothing.
std::string normalizer_spec() {
  MessageWriter spec;
  spec.text(kNormalizerName, "identity");
  spec.integer(kNormalizerAddDummyPrefix, 0);
  spec.integer(kNormalizerRemoveExtraWhitespaces, 0);
  spec.integer(kNormalizerEscapeWhitespaces, 0);
  return spec.bytes();
}

}  // namespace

BpeModel::BpeModel(const std::vector<BpePiece>& symbols, const std::vector<BpePiece>& merged)
    : engine_(std::make_unique<sentencepiece::SentencePieceProcessor>()) {
  MessageWriter model;
  ids_.reserve(symbols.size() + merged.size());
  // The engine merges the adjacent pair with the highest score first, so a score is minus the rank.
  // Ranks stay below 2^24, where float32 still tells them apart (limit: TokenTable).
  for (const BpePiece& symbol : symbols) {
    model.piece(symbol.token, 0.0F, kTypeNormal);
    ids_.push_back(symbol.id);
  }
  float score = -1.0F;
  for (const BpePiece& piece : merged) {
    model.piece(piece.token, score, kTypeNormal);
    ids_.push_back(piece.id);
    score -= 1.0F;
  }
  model.piece(kUnknownPiece, 0.0F, kTypeUnknown);
  model.text(kModelTrainerSpec, trainer_spec(static_cast<int64_t>(ids_.size())));
  model.text(kModelNormalizerSpec, normalizer_spec());

  const auto status = engine_->LoadFromSerializedProto(model.bytes());
  if (!status.ok()) {
    throw Error(ErrorCode::kModel,
                "SentencePiece refuses the tokenizer's vocabulary: " + status.ToString());
  }
}

BpeModel::~BpeModel() = default;
BpeModel::BpeModel(BpeModel&&) noexcept = default;

void BpeModel::encode(std::string_view word, std::vector<int64_t>& ids) const {
  std::vector<int> pieces;
  const auto status = engine_->Encode(absl::string_view(word.data(), word.size()), &pieces);
  if (!status.ok()) throw Error(ErrorCode::kInternal, "SentencePiece: " + status.ToString());
  for (const int piece : pieces) ids.push_back(ids_.at(piece));
}

}  // namespace acestep::text
