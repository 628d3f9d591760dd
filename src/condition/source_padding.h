// Where source audio lies in a song whose new part reaches beyond it.
#pragma once

#include <cstdint>
#include <optional>

namespace acestep::condition {

struct SourceExtent {
  int64_t source_samples = 0;                        // at 48 kHz
  bool takes_span = false;                           // repaint and lego: start and end count
  double start_seconds = 0.0;                        // negative: before the source
  std::optional<double> end_seconds = std::nullopt;  // absent or negative: the source's end
};

struct PaddedSource {
  int64_t left_samples = 0;   // of silence before the source
  int64_t right_samples = 0;  // and after it
  int64_t total_samples = 0;
  std::optional<double> start_seconds;  // in the padded song; absent without a span
  std::optional<double> end_seconds;
};

PaddedSource pad_source(const SourceExtent& extent);

}  // namespace acestep::condition
