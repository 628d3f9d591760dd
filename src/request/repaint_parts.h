// The parts of a source that repaint and lego make anew.
#pragma once

#include <optional>
#include <vector>

#include "request/generation_request.h"

namespace acestep::request {

struct RepaintPart {
  double start_seconds = 0.0;              // below 0: before the source
  std::optional<double> end_seconds = {};  // absent: the source's end
};

// "2:4", or "2:4, 7:9" in one text, in order of time; "3:" ends with the source. Absent: that is
// not what they say.
std::optional<std::vector<RepaintPart>> parse_repaint_parts(const std::vector<std::string>& texts);

// Those of `repaint`, else the one of repainting_start and repainting_end. `repaint` must be
// readable.
std::vector<RepaintPart> repaint_parts(const GenerationRequest& request);

}  // namespace acestep::request
