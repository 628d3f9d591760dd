// Conditions of single songs as one batch.
#pragma once

#include <vector>

#include "song/conditioning.h"

namespace acestep::condition {

// Have both the same shapes, so that no row needs padding? Padding would let songs of a batch
// change each other.
bool can_join(const song::Conditioning& one, const song::Conditioning& other);

// All of which can_join() the first; in their order.
song::Conditioning join(const std::vector<song::Conditioning>& songs);

// The same on another device; nothing is copied where it is there already.
song::Conditioning on_device(song::Conditioning song, at::Device device);

}  // namespace acestep::condition
