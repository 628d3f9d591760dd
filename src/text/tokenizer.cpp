#include "text/tokenizer.h"

#include "text/added_tokens.h"
#include "text/bpe_model.h"
#include "text/byte_alphabet.h"
#include "text/tokenizer_files.h"
#include "text/unicode_text.h"
#include "util/error.h"

namespace acestep::text {
namespace {

BpeModel make_model(const TokenizerFiles& files) {
  const auto pieces = [&](const std::vector<int64_t>& ids) {
    std::vector<BpePiece> out;
    out.reserve(ids.size());
    for (const int64_t id : ids) out.push_back({files.table.token(id), id});
    return out;
  };
  return BpeModel(pieces(files.byte_token_ids), pieces(files.merged_ids));
}

}  // namespace

struct Tokenizer::State {
  explicit State(const std::filesystem::path& folder);

  void encode_plain(std::string_view text, std::vector<int64_t>& ids) const;

  TokenizerFiles files;
  BpeModel model;
  SplitPattern pattern;
  AddedTokenSplitter raw_tokens;         // looked for before normalisation
  AddedTokenSplitter normalized_tokens;  // looked for after it
  std::vector<bool> is_special;          // by id
};

Tokenizer::State::State(const std::filesystem::path& folder)
    : files(read_tokenizer_files(folder)),
      model(make_model(files)),
      pattern(files.rules.split_pattern, files.rules.split_origin),
      is_special(static_cast<size_t>(files.table.size()), false) {
  for (const AddedToken& token : files.added) {
    is_special[static_cast<size_t>(token.id)] = token.is_special;
    if (token.is_normalized) {
      normalized_tokens.add(normalize(token.content, files.rules.normalization), token.id);
    } else {
      raw_tokens.add(token.content, token.id);
    }
  }
}

void Tokenizer::State::encode_plain(std::string_view text, std::vector<int64_t>& ids) const {
  const std::string normal = normalize(text, files.rules.normalization);
  for (const TextPart& part : normalized_tokens.split(normal)) {
    if (part.id) {
      ids.push_back(*part.id);
      continue;
    }
    for (const std::string& word : pattern.split(part.text)) model.encode(to_alphabet(word), ids);
  }
}

Tokenizer::Tokenizer(const std::filesystem::path& folder)
    : state_(std::make_unique<const State>(folder)) {}
Tokenizer::~Tokenizer() = default;
Tokenizer::Tokenizer(Tokenizer&&) noexcept = default;

std::vector<int64_t> Tokenizer::encode(std::string_view text) const {
  const std::string valid = repair_utf8(text);
  const TokenizerRules& rules = state_->files.rules;
  std::vector<int64_t> ids = rules.prefix_ids;
  for (const TextPart& part : state_->raw_tokens.split(valid)) {
    if (part.id) {
      ids.push_back(*part.id);
    } else {
      state_->encode_plain(part.text, ids);
    }
  }
  ids.insert(ids.end(), rules.suffix_ids.begin(), rules.suffix_ids.end());
  return ids;
}

std::vector<int64_t> Tokenizer::encode_at_most(std::string_view text, int64_t most_tokens) const {
  std::vector<int64_t> ids = encode(text);
  const auto most = static_cast<size_t>(most_tokens);
  if (ids.size() <= most) return ids;
  const TokenizerRules& rules = state_->files.rules;
  ACE_CHECK(most >= rules.prefix_ids.size() + rules.suffix_ids.size());
  ids.resize(most - rules.suffix_ids.size());
  ids.insert(ids.end(), rules.suffix_ids.begin(), rules.suffix_ids.end());
  return ids;
}

std::string Tokenizer::decode(const std::vector<int64_t>& ids, SpecialTokens special) const {
  std::string bytes;
  for (const int64_t id : ids) {
    ACE_CHECK(state_->files.table.holds(id));
    const bool is_left_out =
        special == SpecialTokens::kSkip && state_->is_special[static_cast<size_t>(id)];
    if (!is_left_out) bytes += from_alphabet(state_->files.table.token(id));
  }
  return repair_utf8(bytes);
}

std::optional<int64_t> Tokenizer::id_of(std::string_view token) const {
  return state_->files.table.find(token);
}

std::string Tokenizer::token_of(int64_t id) const {
  ACE_CHECK(state_->files.table.holds(id));
  return state_->files.table.token(id);
}

int64_t Tokenizer::size() const { return state_->files.table.size(); }
int64_t Tokenizer::pad_id() const { return state_->files.pad_id; }
int64_t Tokenizer::eos_id() const { return state_->files.eos_id; }

}  // namespace acestep::text
