// The grammar of the language model's output: at every step it masks the logits of what may not
// follow.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "lm/grammar_state.h"
#include "lm/metadata_field.h"
#include "lm/token_tables.h"
#include "text/compat.h"
#include "text/lm_prompt.h"

namespace acestep::lm {

// kCot: metadata, then codes unless it stops at the end of the reasoning. kCodes: audio codes at
// once if the prompt holds the reasoning already. kUnderstand: metadata, then free text without
// codes.
using Phase = text::LmPhase;
// kReference keeps the reference's bugs: see docs/PARITY.md.
using Compat = text::Compat;

struct GrammarOptions {
  Phase phase = Phase::kCot;
  bool is_enabled = true;           // false: no masks at all, only the temperatures below
  bool stops_at_reasoning = false;  // the end of turn takes the place of "</think>"
  bool skips_genres = true;
  bool skips_caption = false;
  bool skips_language = false;
  GivenValues given;                           // written as they are, unchecked
  std::optional<double> target_seconds;        // sets the number of codes: five per second
  std::optional<double> metadata_temperature;  // divides the logits while metadata is written
  std::optional<double> codes_temperature;     // and while codes or free text are
  Compat compat = Compat::kFixed;
};

// One running output. Used in turns: apply() on the logits, then accept() of the token chosen.
// Costs O(allowed ids) and at most one masked fill of the row per step.
class MetadataGrammar {
 public:
  // prompt_ids: what the model has read. tables must outlive the grammar.
  MetadataGrammar(const TokenTables& tables, GrammarOptions options,
                  const std::vector<int64_t>& prompt_ids);

  // Masks a row of logits [V] float32 in place. May move the state (the codes phase enters the
  // codes; a genre list that wants to end).
  void apply(at::Tensor row);
  void accept(int64_t id);

  const GrammarState& state() const { return state_; }
  // Whether the next token can only be a valid audio code or the end of turn.
  bool expects_code() const;

  // What the golden data records besides the state.
  struct Counters {
    size_t position = 0;         // characters of the fixed text that stand already
    size_t queued = 0;           // ids of a given value still to be written
    int64_t codes = 0;           // tokens sampled in the codes
    int64_t caption_tokens = 0;  // in the caption, at most 512
    bool is_after_newline = false;
    bool is_caption_ending = false;  // a field name is being written behind the caption
    std::string pending_name;        // its text so far
    std::vector<int64_t> value_ids;  // ids of the value being written
  };
  Counters counters() const;

 private:
  void apply_masks(at::Tensor& row);
  void apply_fixed_text(at::Tensor& row) const;
  void apply_value(at::Tensor& row);
  void apply_caption(at::Tensor& row);
  void apply_genres(at::Tensor& row);
  void apply_language(at::Tensor& row) const;
  void apply_duration(at::Tensor& row) const;
  void apply_codes(at::Tensor& row) const;
  bool starts_given_value();

  void accept_queued();
  void accept_fixed(const std::string& token);
  void accept_value(int64_t id, const std::string& token);
  void accept_caption(const std::string& token);
  void leave_caption();

  bool skips(Field field) const;
  GrammarState after(Field field) const;
  void go_to(GrammarState next);
  void go_to_next();

  const TokenTables& tables_;
  GrammarOptions options_;
  std::optional<int64_t> target_codes_;
  bool prompt_has_reasoning_ = false;

  GrammarState state_;
  size_t position_ = 0;
  std::string value_text_;
  std::vector<int64_t> value_ids_;
  std::deque<int64_t> queue_;
  int64_t codes_ = 0;
  int64_t caption_tokens_ = 0;
  bool is_after_newline_ = false;
  bool is_caption_ending_ = false;
  std::string pending_name_;
};

}  // namespace acestep::lm
