#include "lm/token_tables.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "request/keyscale.h"
#include "request/song_values.h"
#include "util/error.h"

namespace acestep::lm {
namespace {

// The number in "<|audio_code_N|>"; absent for any other token.
std::optional<int64_t> audio_code_in(std::string_view token) {
  constexpr std::string_view kHead = "<|audio_code_";
  constexpr std::string_view kTail = "|>";
  if (!token.starts_with(kHead) || !token.ends_with(kTail)) return std::nullopt;
  token.remove_prefix(kHead.size());
  if (token.size() <= kTail.size()) return std::nullopt;
  token.remove_suffix(kTail.size());
  int64_t code = 0;
  const auto [end, failure] = std::from_chars(token.data(), token.data() + token.size(), code);
  if (failure != std::errc() || end != token.data() + token.size() || code < 0) return std::nullopt;
  return code;
}

}  // namespace

TokenTables::TokenTables(const text::Tokenizer& tokenizer, int64_t vocab_size,
                         int max_duration_seconds, at::Device device)
    : tokenizer_(tokenizer),
      vocab_size_(vocab_size),
      newline_(single_token("\n")),
      backtick_(single_token("`")),
      think_end_(single_token("</think>")) {
  for (int digit = 0; digit < 10; ++digit) {
    digits_[static_cast<size_t>(digit)] = single_token(std::to_string(digit));
  }
  find_audio_codes(device);
  const auto set = [this](Field field, const std::vector<std::string>& values) {
    values_.emplace(field, value_tree(field, values));
  };
  set(Field::kBpm, number_texts(kBpmMin, kBpmMax));
  set(Field::kDuration, number_texts(kDurationMinSeconds, max_duration_seconds));
  set(Field::kKeyscale, request::keyscales());
  set(Field::kLanguage, request::vocal_languages());
  set(Field::kTimesignature, request::time_signatures());

  for (const char* tag : {"<think>", "\n", "</think>"}) add_fixed_text(tag);
  for (const Field field : kFields) add_fixed_text(std::string(field_name(field)) + ":");
}

int64_t TokenTables::single_token(std::string_view content) const {
  const std::vector<int64_t> ids = tokenizer_.encode(content);
  if (ids.size() != 1) {
    throw Error(ErrorCode::kModel,
                "tokenizer: '" + std::string(content) + "' is " + std::to_string(ids.size()) +
                    " tokens, expected one",
                "The folder does not hold a 5 Hz language model's tokenizer.");
  }
  return ids.front();
}

void TokenTables::find_audio_codes(at::Device device) {
  is_audio_ = at::zeros({vocab_size_}, at::TensorOptions().dtype(at::kBool).device(at::kCPU));
  bool* is_audio = is_audio_.data_ptr<bool>();
  for (int64_t id = 0; id < std::min(vocab_size_, tokenizer_.size()); ++id) {
    const std::optional<int64_t> code = audio_code_in(tokenizer_.token_of(id));
    if (!code || *code >= kAudioCodes) continue;
    if (audio_ids_.empty()) audio_ids_.reserve(kAudioCodes);
    audio_ids_.push_back(id);
    code_of_id_.resize(static_cast<size_t>(id - audio_ids_.front()), -1);
    code_of_id_.push_back(*code);
    is_audio[id] = true;
  }
  if (audio_ids_.empty()) {
    throw Error(ErrorCode::kModel, "tokenizer: there are no tokens <|audio_code_0|> …",
                "The folder does not hold a 5 Hz language model's tokenizer.");
  }
  if (end_of_turn() < 0 || end_of_turn() >= vocab_size_) {
    throw Error(ErrorCode::kModel,
                "tokenizer: the end of turn is id " + std::to_string(end_of_turn()) +
                    ", expected one below the model's vocab_size " + std::to_string(vocab_size_),
                "Model and tokenizer do not belong together.");
  }
  is_not_code_ = is_audio_.logical_not();
  is_not_code_.data_ptr<bool>()[end_of_turn()] = false;
  is_audio_ = is_audio_.to(device);
  is_not_code_ = is_not_code_.to(device);
}

int64_t TokenTables::audio_code(int64_t id) const {
  const int64_t place = id - first_audio();
  if (place < 0 || place >= static_cast<int64_t>(code_of_id_.size())) return -1;
  return code_of_id_[static_cast<size_t>(place)];
}

// The ids of "name: value" behind those of "name:": what the model saw in training. The space
// belongs to the value and may be part of its first token.
PrefixTree TokenTables::value_tree(Field field, const std::vector<std::string>& values) const {
  const std::string name = std::string(field_name(field)) + ":";
  const std::vector<int64_t> name_ids = tokenizer_.encode(name);
  PrefixTree tree(newline_);
  for (const std::string& value : values) {
    const std::vector<int64_t> ids = tokenizer_.encode(name + " " + value);
    const bool starts_with_name =
        ids.size() > name_ids.size() && std::equal(name_ids.begin(), name_ids.end(), ids.begin());
    if (!starts_with_name) continue;  // as the reference: such a value cannot be reached
    tree.add({ids.begin() + static_cast<std::ptrdiff_t>(name_ids.size()), ids.end()});
  }
  return tree;
}

void TokenTables::add_fixed_text(const std::string& fixed_text) {
  std::vector<int64_t>& choices = forced_[fixed_text];
  for (size_t position = 0; position < fixed_text.size(); ++position) {
    const std::string_view rest = std::string_view(fixed_text).substr(position);
    size_t length = rest.size();
    while (length > 1 && tokenizer_.encode(rest.substr(0, length)).size() != 1) --length;
    choices.push_back(single_token(rest.substr(0, length)));
  }
}

int64_t TokenTables::forced_token(std::string_view fixed_text, size_t position) const {
  const auto choices = forced_.find(fixed_text);
  ACE_CHECK(choices != forced_.end());
  return choices->second.at(position);
}

}  // namespace acestep::lm
