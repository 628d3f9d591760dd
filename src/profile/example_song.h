// The song that the tier test and the benchmarks make: the reference's text2music/example_05.
#pragma once

#include <nlohmann/json.hpp>

namespace acestep::profile {

// A request without a length: the tests choose it.
nlohmann::json example_request();

}  // namespace acestep::profile
