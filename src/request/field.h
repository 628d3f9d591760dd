// One row of the field table: what a field is called, what it may hold, where it lives in Settings.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "request/settings.h"
#include "request/value.h"

namespace acestep::request {

enum class FieldGroup {
  kText,
  kSource,
  kSampling,
  kSeeds,
  kLanguageModel,
  kModels,
  kMemory,
  kOutput,
  kTerminal
};

enum class FieldSupport {
  kNow,      // an option and a key
  kLater,    // a known key; any value but its default is refused: it would change the song
  kIgnored,  // a known key without effect on the song: read, reported when it is not the default
};

// Bounds of a number; an absent bound is open.
struct ValueRange {
  std::optional<double> min = {};
  std::optional<double> max = {};
  bool excludes_min = false;
};

using Member = std::variant<std::monostate, bool Settings::*, int64_t Settings::*,
                            double Settings::*, std::string Settings::*,
                            std::optional<bool> Settings::*, std::optional<int64_t> Settings::*,
                            std::optional<double> Settings::*, std::vector<int64_t> Settings::*,
                            std::vector<double> Settings::*, std::vector<std::string> Settings::*>;

struct Field {
  std::string name = {};  // the reference's; options also accept '-' for '_'
  FieldGroup group = FieldGroup::kText;
  FieldType type = FieldType::kText;
  Member member = {};     // absent for keys of later versions that have no place in Settings yet
  std::string help = {};  // one line for --help and docs/CLI.md
  // What stands for the value in help: "FILE", "DIR" and "MODEL" are completed;
  // empty: by the type.
  std::string value_name = {};

  std::vector<std::string> aliases = {};  // long names
  char short_name = 0;
  std::vector<std::string> environment = {};  // besides ACESTEP_<NAME>

  ValueRange range = {};                        // what makes sense; not asked of --compat reference
  ValueRange hard_range = {};                   // what can be computed at all; always asked
  std::vector<std::string> choices = {};        // empty: any
  std::vector<std::string> later_choices = {};  // known, refused as not supported yet
  std::string default_note = {};                // shown for a default that a preset decides
  bool accepts_number = false;                  // text that files may write as a number
  bool takes_files = false;  // @FILE and - are read; lyrics: an existing path too

  FieldSupport support = FieldSupport::kNow;
  Value later_default = {};  // kLater, kIgnored: harmless value when there is no member
  std::vector<std::string> harmless = {};  // kLater: more values that mean the same as the default
};

// The field's value in `settings`; fields without a member give later_default.
Value value_in(const Settings& settings, const Field& field);

// Puts a value of the field's type into `settings`. Unset restores the default. Throws Error
// kInternal when the types do not match.
void put_value(Settings& settings, const Field& field, const Value& value);

// The value of a default-constructed Settings.
Value default_of(const Field& field);

// "30 … 300", "> 0", ">= 1"; "" when open at both ends.
std::string describe(const ValueRange& range);
bool contains(const ValueRange& range, double number);

// "whole number 30 … 300", "one of ode", "text": what may stand there, for messages and docs.
std::string describe_allowed(const Field& field);

}  // namespace acestep::request
