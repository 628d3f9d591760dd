// What a run would say to settings, as far as that can be told without models.
#pragma once

#include <string>
#include <vector>

#include "request/findings.h"
#include "request/layer.h"

namespace acestep::request {

struct Trial {
  Gathered gathered;
  Findings findings;
  // Values of later versions, one message each: a run refuses them, a file may hold them.
  std::vector<std::string> not_yet;
};

// A layer without words of its own is taken for a part of a request: caption and lyrics are not
// missed then. The kind of diffusion model is taken from its name.
Trial try_layer(Layer layer);

// The first problem that is about the field, or value of a later version; "" if there is none.
std::string problem_of(const Trial& trial, const std::string& field);

}  // namespace acestep::request
