// The metadata fields of the chain-of-thought, their order and the values they may take.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

// Limits and spellings the models were trained on (reference: acestep/constants.py).
inline constexpr int kBpmMin = 30;
inline constexpr int kBpmMax = 300;
inline constexpr int kDurationMinSeconds = 10;
inline constexpr int kDurationMaxSeconds = 600;

std::vector<std::string> number_texts(int first, int last);
std::vector<std::string> keyscale_texts();       // 7 notes × 5 accidentals × 2 modes
std::vector<std::string> language_texts();       // 50 codes and "unknown"
std::vector<std::string> timesignature_texts();  // "2", "3", "4", "6"

}  // namespace acestep::lm
