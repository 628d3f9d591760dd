// The parts of a DiT checkpoint that can be loaded and unloaded on their own.
#pragma once

#include <ATen/core/Tensor.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "models/dit_config.h"
#include "weights/weight_scope.h"

namespace acestep::models {

// Every tensor of a DiT folder belongs to exactly one of these: the part's scope is its name.
namespace dit_part {
inline constexpr std::string_view kDecoder = "decoder";                   // Dit
inline constexpr std::string_view kEncoder = "encoder";                   // ConditionEncoder
inline constexpr std::string_view kTokenizer = "tokenizer";               // AudioTokenizer, Fsq
inline constexpr std::string_view kDetokenizer = "detokenizer";           // AudioDetokenizer
inline constexpr std::string_view kNullCondition = "null_condition_emb";  // take_null_condition
}  // namespace dit_part

// What WeightReader::finish is to ignore when only `loaded` parts were taken: the names of the
// others.
std::vector<std::string> other_parts(std::initializer_list<std::string_view> loaded);

// What stands for every row of the encoder states in the unconditional half of guidance:
// [1, 1, encoder hidden] in the placement's dtype. scope: the file's root.
at::Tensor take_null_condition(const weights::WeightScope& root, const DitConfig& config);

}  // namespace acestep::models
