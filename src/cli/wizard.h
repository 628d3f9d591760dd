// The questions of the reference's wizard (cli.py), in its order; the answers become settings.
#pragma once

#include <string>
#include <vector>

#include "cli/interview.h"
#include "request/layer.h"

namespace acestep::cli {

// Names of the model folders that are there, offered as answers.
struct InstalledModels {
  std::vector<std::string> diffusion;
  std::vector<std::string> language;
};

// What was answered, and batch_size in any case; a usual answer leaves a field to its default. Each
// answer is checked at once, as a run would.
request::Layer ask_for_settings(Interview& interview, const InstalledModels& models);

}  // namespace acestep::cli
