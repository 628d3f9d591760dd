// Damage to the meaning of a JSON document: it still parses, but a value is not what was asked for.
#pragma once

#include <cstdint>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "util/split_mix.h"

namespace acestep::fuzz {

// One of the values that break readers.
inline nlohmann::json hostile_value(util::SplitMix& random) {
  using nlohmann::json;
  static const std::vector<json> values = {nullptr,
                                           true,
                                           false,
                                           0,
                                           -1,
                                           1,
                                           INT32_MAX,
                                           INT64_MIN,
                                           UINT64_MAX,
                                           1e308,
                                           -0.0,
                                           0.5,
                                           "",
                                           "a",
                                           "ab",
                                           "0",
                                           "-1",
                                           "99999999999999999999",
                                           "(a+)+$",
                                           "(",
                                           "\u0000",
                                           "Am",
                                           "4/4",
                                           std::string(5000, 'a'),
                                           json::array(),
                                           json::object(),
                                           json::array({1, 2}),
                                           json::array({"a", "b"}),
                                           json::object({{"content", "x"}}),
                                           json::array({json::array({json::array()})})};
  return values[random.below(values.size())];
}

// A value inside the document, found by going down at random: every level is as likely as the next,
// however many members a long list has.
inline nlohmann::json& random_place(nlohmann::json& document, util::SplitMix& random) {
  nlohmann::json* place = &document;
  while (place->is_structured() && !place->empty() && random.below(5) != 0) {
    auto member = place->begin();
    std::advance(member, static_cast<std::ptrdiff_t>(random.below(place->size())));
    place = &*member;
  }
  return *place;
}

// Replaces, removes or copies one to three values.
inline std::string mutate_json(nlohmann::json document, util::SplitMix& random) {
  const uint64_t changes = 1 + random.below(3);
  for (uint64_t i = 0; i < changes; ++i) {
    nlohmann::json& place = random_place(document, random);
    const uint64_t kind = random.below(4);
    if (kind == 0 && place.is_structured() && !place.empty()) {
      auto victim = place.begin();
      std::advance(victim, static_cast<std::ptrdiff_t>(random.below(place.size())));
      place.erase(victim);
    } else if (kind == 1) {
      const nlohmann::json other = random_place(document, random);
      place = other;
    } else if (kind == 2 && place.is_number_integer()) {
      place = static_cast<int64_t>(random.next() >> random.below(64));
    } else {
      place = hostile_value(random);
    }
  }
  return document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace acestep::fuzz
