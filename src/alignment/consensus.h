// Brings out of several heads' attention where each word is sung: what words and moments agree on.
#pragma once

#include "alignment/attention_map.h"

namespace acestep::alignment {

struct ConsensusOptions {
  // What a token or a frame must exceed, in medians of itself (reference: get_lyric_timestamp).
  double suppression = 2.0;
  int64_t median_width = 1;  // frames of the running median; odd, 1 is off
};

struct Consensus {
  AttentionMap evidence;  // larger where a token is likelier: the mean of normalised heads
  AttentionMap energy;    // the same before normalisation, never negative
};

// The product of each token's softmax over time and each moment's softmax over tokens, less
// multiples of the medians of its row and then of its column, squared; normalised over all heads
// together. One head is a mean of itself (the reference fails there). Throws what require_sound()
// throws.
Consensus find_consensus(HeadMaps heads, const ConsensusOptions& options = {});

}  // namespace acestep::alignment
