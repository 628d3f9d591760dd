// The metadata fields of the chain-of-thought, their order and the values they may take.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "request/song_values.h"

namespace acestep::lm {

// In the order in which they are written.
enum class Field { kBpm, kCaption, kDuration, kGenres, kKeyscale, kLanguage, kTimesignature };

inline constexpr std::array<Field, 7> kFields = {
    Field::kBpm,      Field::kCaption,  Field::kDuration,     Field::kGenres,
    Field::kKeyscale, Field::kLanguage, Field::kTimesignature};

// Texts to be written as given instead of being generated.
using GivenValues = std::map<Field, std::string>;

// "bpm", "caption", …: as in the chain-of-thought.
std::string_view field_name(Field field);
std::optional<Field> field_named(std::string_view name);

// The ranges that the models were trained on.
using request::kBpmMax;
using request::kBpmMin;
using request::kDurationMaxSeconds;
using request::kDurationMinSeconds;

// Every whole number of the range, both ends included.
std::vector<std::string> number_texts(int first, int last);

}  // namespace acestep::lm
