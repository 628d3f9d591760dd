// The formats in which the hubs list files, read with suspicion.
#pragma once

#include <string>
#include <string_view>

#include "hub/listing.h"

namespace acestep::hub {

// The published repositories hold a few dozen files.
inline constexpr size_t kMaxListingBytes = 8'000'000;
inline constexpr int kMaxListingDepth = 8;

// Throws the Error kModel for an answer that is no list.
[[noreturn]] void refuse_listing(const std::string& address, const std::string& what);

// Adds the files of a model in one page of a hub's answer, as listing.source writes them, without
// their addresses. Throws Error kModel naming `address` when it is not that format, exceeds the
// limits, or holds a path that is absolute, climbs out with "..", or has a backslash, a drive or an
// unprintable character.
void add_listing_page(Listing& listing, std::string_view answer, const KnownModel& model,
                      const std::string& address);

}  // namespace acestep::hub
