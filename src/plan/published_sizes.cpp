#include "plan/published_sizes.h"

#include <algorithm>

namespace acestep::plan {
namespace {

constexpr double kVaeGib = 0.33;
constexpr double kTextEncoderGib = 1.2;
constexpr double kContextGib = 0.5;
constexpr double kSpareGib = 0.5;

// Activations of one song of up to a minute.
double item_gib(const DitKind& kind) {
  if (kind.is_xl) return kind.is_turbo ? 0.5 : 1.0;
  return kind.is_turbo ? 0.3 : 0.6;
}

}  // namespace

double dit_gib(const DitKind& kind) { return kind.is_xl ? 9.0 : 4.7; }

double lm_gib(LmSize size) {
  if (size == LmSize::k4B) return 8.0;
  return size == LmSize::k1_7B ? 3.4 : 1.2;
}

double lm_cache_gib(LmSize size) {
  if (size == LmSize::k4B) return 1.6;
  return size == LmSize::k1_7B ? 1.0 : 0.6;
}

double resident_gib(const WholeSong& song) {
  const double models = dit_gib(song.dit) + kVaeGib + kTextEncoderGib + kContextGib;
  const double items =
      item_gib(song.dit) * static_cast<double>(song.songs) * std::max(1.0, song.seconds / 60.0);
  const double lm = song.lm ? lm_gib(*song.lm) + lm_cache_gib(*song.lm) : 0.0;
  return models + items + lm + kSpareGib;
}

}  // namespace acestep::plan
