#include "lm/metadata_grammar.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <utility>

#include "lm/row_masks.h"
#include "text/lm_budget.h"
#include "text/python_text.h"

namespace acestep::lm {
namespace {

constexpr int64_t kCaptionTokensMax = 512;  // reference: constrained_logits_processor.py
constexpr double kSmallestTemperature = 1e-6;

bool contains(const std::vector<int64_t>& ids, int64_t wanted) {
  return std::find(ids.begin(), ids.end(), wanted) != ids.end();
}

size_t characters(std::string_view utf8) {
  return static_cast<size_t>(std::count_if(utf8.begin(), utf8.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
  }));
}

// "Duration : " -> "duration".
std::string name_before_colon(std::string_view pending) {
  std::string name = text::strip(pending);
  name.erase(name.find_last_not_of(':') + 1);
  return text::to_lower(text::strip(name));
}

}  // namespace

MetadataGrammar::MetadataGrammar(const TokenTables& tables, GrammarOptions options,
                                 const std::vector<int64_t>& prompt_ids)
    : tables_(tables),
      options_(std::move(options)),
      target_codes_(text::target_codes(options_.target_seconds)),
      prompt_has_reasoning_(contains(prompt_ids, tables.think_end())) {}

bool MetadataGrammar::expects_code() const {
  if (!options_.is_enabled) return false;
  return state_.stage == Stage::kCodes ||
         (state_.stage == Stage::kThinkTag && options_.phase == Phase::kCodes &&
          prompt_has_reasoning_);
}

MetadataGrammar::Counters MetadataGrammar::counters() const {
  return {position_,         queue_.size(),      codes_,        caption_tokens_,
          is_after_newline_, is_caption_ending_, pending_name_, value_ids_};
}

// ---------------------------------------------------------------- masks

void MetadataGrammar::apply(at::Tensor row) {
  if (options_.is_enabled) apply_masks(row);
  const bool is_free = state_.stage == Stage::kCodes || state_.stage == Stage::kCompleted;
  const auto temperature = is_free ? options_.codes_temperature : options_.metadata_temperature;
  if (temperature) row.div_(*temperature <= 0 ? kSmallestTemperature : *temperature);
}

void MetadataGrammar::apply_masks(at::Tensor& row) {
  if (state_.stage == Stage::kCompleted) {
    if (options_.phase == Phase::kUnderstand) block(row, tables_.is_audio());
    return;
  }
  if (state_.stage == Stage::kThinkTag && expects_code()) {
    state_.stage = Stage::kCodes;
    codes_ = 0;
  }
  if (state_.stage == Stage::kCodes) return apply_codes(row);
  if (!queue_.empty()) return allow_only(row, {queue_.front()});
  if (state_.stage == Stage::kValue) return apply_value(row);
  apply_fixed_text(row);
}

void MetadataGrammar::apply_codes(at::Tensor& row) const {
  const int64_t end = tables_.end_of_turn();
  if (target_codes_ && codes_ >= *target_codes_) return allow_only(row, {end});
  block(row, tables_.is_not_code());
  if (target_codes_) block(row, end);
}

// "</think>" is at most ten characters from its end as soon as it begins, so where the output stops
// at the reasoning the end of turn takes its place.
void MetadataGrammar::apply_fixed_text(at::Tensor& row) const {
  const bool stops = state_.stage == Stage::kThinkEndTag && options_.stops_at_reasoning;
  allow_only(row,
             {stops ? tables_.end_of_turn() : tables_.forced_token(fixed_text(state_), position_)});
}

// Queues the ids of a value the user gave, once, at the start of its field.
bool MetadataGrammar::starts_given_value() {
  const auto given = options_.given.find(state_.field);
  const bool is_text = state_.field == Field::kCaption || state_.field == Field::kGenres;
  const bool is_at_start = is_text ? value_text_.empty() : value_ids_.empty();
  if (given == options_.given.end() || !is_at_start) return false;
  const std::vector<int64_t> ids = tables_.tokenizer().encode(" " + given->second + "\n");
  queue_.assign(ids.begin(), ids.end());
  return !queue_.empty();
}

void MetadataGrammar::apply_value(at::Tensor& row) {
  if (starts_given_value()) return allow_only(row, {queue_.front()});
  switch (state_.field) {
    case Field::kCaption:
      return apply_caption(row);
    case Field::kGenres:
      return apply_genres(row);
    case Field::kLanguage:
      return apply_language(row);
    case Field::kDuration:
      return apply_duration(row);
    case Field::kBpm:
      return allow_only(row, tables_.values(Field::kBpm).allowed_after(value_ids_));
    case Field::kKeyscale:
    case Field::kTimesignature:
      break;
  }
  // A value that is the beginning of another one ends there: only the newline may follow.
  const PrefixTree& values = tables_.values(state_.field);
  if (values.is_complete(value_ids_)) return allow_only(row, {tables_.newline()});
  allow_only(row, values.allowed_after(value_ids_));
}

// The likeliest first token decides the language, whatever the sampling options are.
void MetadataGrammar::apply_language(at::Tensor& row) const {
  const PrefixTree& languages = tables_.values(Field::kLanguage);
  if (languages.is_complete(value_ids_)) return allow_only(row, {tables_.newline()});
  const std::vector<int64_t>& allowed = languages.allowed_after(value_ids_);
  if (!value_ids_.empty()) return allow_only(row, allowed);
  allow_only(row, {best_of(row, allowed)});
}

void MetadataGrammar::apply_duration(at::Tensor& row) const {
  if (!options_.target_seconds) {
    return allow_only(row, tables_.values(Field::kDuration).allowed_after(value_ids_));
  }
  const std::string digits = std::to_string(static_cast<int64_t>(*options_.target_seconds));
  const bool is_written = value_text_.size() >= digits.size();
  allow_only(row,
             {is_written ? tables_.newline() : tables_.digit(digits[value_text_.size()] - '0')});
}

void MetadataGrammar::apply_caption(at::Tensor& row) {
  if (is_after_newline_) {
    // A line that wants to start without indentation is the next field's name: let it be written.
    const std::string likeliest = tables_.tokenizer().decode({row.argmax().item<int64_t>()});
    is_after_newline_ = false;
    if (!likeliest.empty() && likeliest.front() != ' ' && likeliest.front() != '\t') {
      is_caption_ending_ = true;
      pending_name_.clear();
    }
  }
  if (is_caption_ending_) return;
  if (caption_tokens_ >= kCaptionTokensMax) return allow_only(row, {tables_.newline()});
  block(row, tables_.backtick());
  block(row, tables_.is_audio());
}

// Without a list of genres any text may stand here, until the newline is the likeliest token.
void MetadataGrammar::apply_genres(at::Tensor& row) {
  const int64_t newline = tables_.newline();
  if (text::is_blank(value_text_)) return block(row, newline);
  if (!is_strictly_likeliest(row, newline)) return;
  allow_only(row, {newline});
  // The reference moves on here, before the newline is accepted, which then counts as the first
  // character of the next name.
  if (options_.compat == Compat::kReference) go_to_next();
}

// ---------------------------------------------------------------- transitions

bool MetadataGrammar::skips(Field field) const {
  return (field == Field::kGenres && options_.skips_genres) ||
         (field == Field::kCaption && options_.skips_caption) ||
         (field == Field::kLanguage && options_.skips_language);
}

GrammarState MetadataGrammar::after(Field field) const {
  for (const Field next : kFields) {
    if (next > field && !skips(next)) return {Stage::kName, next};
  }
  return {Stage::kThinkEndTag, field};
}

void MetadataGrammar::go_to(GrammarState next) {
  state_ = next;
  position_ = 0;
  value_text_.clear();
  value_ids_.clear();
}

void MetadataGrammar::go_to_next() {
  // A caption may end by naming a field that is skipped; the reference then never leaves its value.
  const bool is_stuck =
      options_.compat == Compat::kReference && state_.stage == Stage::kValue && skips(state_.field);
  if (is_stuck) return;
  is_after_newline_ = false;
  caption_tokens_ = 0;
  is_caption_ending_ = false;
  pending_name_.clear();
  switch (state_.stage) {
    case Stage::kThinkTag:
      return go_to({Stage::kThinkNewline, state_.field});
    case Stage::kThinkNewline:
      return go_to({Stage::kName, Field::kBpm});
    case Stage::kName:
      return go_to({Stage::kValue, state_.field});
    case Stage::kValue:
      return go_to(after(state_.field));
    case Stage::kThinkEndTag: {
      const bool is_done = options_.phase == Phase::kUnderstand || options_.stops_at_reasoning;
      return go_to({is_done ? Stage::kCompleted : Stage::kCodes, state_.field});
    }
    case Stage::kCodes:
    case Stage::kCompleted:
      return;
  }
}

void MetadataGrammar::accept(int64_t id) {
  if (!options_.is_enabled || state_.stage == Stage::kCompleted) return;
  if (state_.stage == Stage::kCodes) {
    ++codes_;
    return;
  }
  if (!queue_.empty()) return accept_queued();
  const std::string token = tables_.tokenizer().decode({id});
  if (state_.stage == Stage::kValue) return accept_value(id, token);
  accept_fixed(token);
}

void MetadataGrammar::accept_queued() {
  queue_.pop_front();
  if (queue_.empty()) go_to(after(state_.field));
}

void MetadataGrammar::accept_fixed(const std::string& token) {
  position_ += characters(token);
  if (position_ >= fixed_text(state_).size()) go_to_next();
}

void MetadataGrammar::accept_value(int64_t id, const std::string& token) {
  if (state_.field == Field::kCaption) return accept_caption(token);
  if (id == tables_.newline()) return go_to_next();
  const bool is_number = state_.field == Field::kBpm || state_.field == Field::kDuration ||
                         state_.field == Field::kTimesignature;
  if (state_.field != Field::kGenres) value_ids_.push_back(id);
  if (!is_number) {
    value_text_ += token;
    return;
  }
  const std::string digits = text::strip(token);
  const bool are_digits =
      std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (are_digits) value_text_ += digits;
}

void MetadataGrammar::accept_caption(const std::string& token) {
  ++caption_tokens_;
  value_text_ += token;
  is_after_newline_ = token.find('\n') != std::string::npos;
  if (!is_caption_ending_) return;
  pending_name_ += token;
  if (token.find(':') != std::string::npos) leave_caption();
}

// The name written behind the caption picks the field, so fields may be jumped over or repeated; an
// unknown name goes on with the field after the caption.
void MetadataGrammar::leave_caption() {
  const std::optional<Field> field = field_named(name_before_colon(pending_name_));
  const bool can_follow = field && *field != Field::kBpm && *field != Field::kCaption;
  if (!can_follow) return go_to_next();
  is_caption_ending_ = false;
  pending_name_.clear();
  go_to({Stage::kValue, *field});
}

}  // namespace acestep::lm
