#include "lm/grammar_state.h"

namespace acestep::lm {
namespace {

std::string_view short_name(Field field) {
  switch (field) {
    case Field::kBpm:
      return "BPM";
    case Field::kCaption:
      return "CAPTION";
    case Field::kDuration:
      return "DURATION";
    case Field::kGenres:
      return "GENRES";
    case Field::kKeyscale:
      return "KEYSCALE";
    case Field::kLanguage:
      return "LANGUAGE";
    case Field::kTimesignature:
      return "TIMESIG";
  }
  return "";
}

}  // namespace

std::string state_name(const GrammarState& state) {
  switch (state.stage) {
    case Stage::kThinkTag:
      return "THINK_TAG";
    case Stage::kThinkNewline:
      return "NEWLINE_AFTER_THINK";
    case Stage::kName:
      return std::string(short_name(state.field)) + "_NAME";
    case Stage::kValue:
      return std::string(short_name(state.field)) + "_VALUE";
    case Stage::kThinkEndTag:
      return "THINK_END_TAG";
    case Stage::kCodes:
      return "CODES_GENERATION";
    case Stage::kCompleted:
      return "COMPLETED";
  }
  return "";
}

std::string fixed_text(const GrammarState& state) {
  switch (state.stage) {
    case Stage::kThinkTag:
      return "<think>";
    case Stage::kThinkNewline:
      return "\n";
    case Stage::kName:
      return std::string(field_name(state.field)) + ":";
    case Stage::kThinkEndTag:
      return "</think>";
    case Stage::kValue:
    case Stage::kCodes:
    case Stage::kCompleted:
      break;
  }
  return "";
}

}  // namespace acestep::lm
