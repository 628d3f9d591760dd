// The kinds of diffusion models, as far as memory is concerned, by their names.
#pragma once

#include <string>
#include <string_view>

namespace acestep::plan {

struct DitKind {
  bool is_xl = false;     // 4B instead of 2B parameters
  bool is_turbo = false;  // without guidance: half the rows of base and sft

  bool operator==(const DitKind&) const = default;
};

// By the words "xl" and "turbo" between any of / \ . _ - in any case.
DitKind dit_kind_of(std::string_view name_or_folder);

// "turbo", "base", "xl_turbo", "xl_base"
std::string_view kind_name(const DitKind& kind);

// The 2B model of the same training: acestep-v15-xl-sft -> acestep-v15-sft.
std::string sibling_2b(std::string_view xl_name);

}  // namespace acestep::plan
