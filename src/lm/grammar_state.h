// Where the metadata grammar stands.
#pragma once

#include <string>
#include <string_view>

#include "lm/metadata_field.h"

namespace acestep::lm {

enum class Stage {
  kThinkTag,      // writing "<think>"
  kThinkNewline,  // the newline behind it
  kName,          // writing "<field>:"
  kValue,         // writing a field's value, ended by a newline
  kThinkEndTag,   // writing "</think>"
  kCodes,         // audio codes
  kCompleted,     // free text
};

struct GrammarState {
  Stage stage = Stage::kThinkTag;
  Field field = Field::kBpm;  // meaningful in kName and kValue

  friend bool operator==(const GrammarState& a, const GrammarState& b) {
    const bool has_field = a.stage == Stage::kName || a.stage == Stage::kValue;
    return a.stage == b.stage && (!has_field || a.field == b.field);
  }
};

// "BPM_VALUE", "CODES_GENERATION", …: the reference's names, for logs and golden data.
std::string state_name(const GrammarState& state);

// The text that must be written in this state; empty where there is a choice.
std::string fixed_text(const GrammarState& state);

}  // namespace acestep::lm
