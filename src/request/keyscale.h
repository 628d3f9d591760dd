// Musical keys: the 70 spellings the models were trained on, and how loosely a person may write
// them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acestep::request {

// 7 notes x {"", "#", "b", "♯", "♭"} x {major, minor} (reference: acestep/constants.py).
const std::vector<std::string>& keyscales();

// The spelling of keyscales() that `text` means: any case, "Am", "F#m", "C", "Bb maj" too.
// nullopt: none. Sharps and flats keep the sign they were written with.
std::optional<std::string> normalised_keyscale(std::string_view text);

}  // namespace acestep::request
