// Where two records of songs disagree, in words.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace acestep::cli {

// before, after: records as repeatable_record() makes them, or parts of them: what one of them does
// not say is passed over. One line per value that differs, such as "request.bpm: 90 -> 100".
std::vector<std::string> record_differences(const nlohmann::json& before,
                                            const nlohmann::json& after);

}  // namespace acestep::cli
