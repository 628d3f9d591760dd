#include "condition/repaint_strength.h"

#include <algorithm>
#include <cmath>

#include "util/error.h"

namespace acestep::condition {
namespace {

// reference: generate_music.py::_resolve_repaint_config
constexpr double kMostCrossfadeFrames = 25.0;
constexpr double kMostCrossfadeSeconds = 0.05;

}  // namespace

RepaintStrength resolve_repaint_strength(const std::string& mode, double strength) {
  if (mode == "aggressive") return {};
  double hold = 1.0;
  if (mode == "balanced") {
    hold = 1.0 - std::clamp(strength, 0.0, 1.0);
  } else if (mode != "conservative") {
    throw Error(ErrorCode::kUsage,
                "repaint_mode is '" + mode + "', expected conservative, balanced or aggressive",
                "use --repaint_mode balanced, the default");
  }
  // Halves go to the even number, as Python's round.
  const auto frames = static_cast<int64_t>(std::nearbyint(kMostCrossfadeFrames * hold));
  return {hold, frames, kMostCrossfadeSeconds * hold};
}

}  // namespace acestep::condition
