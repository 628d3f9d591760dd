// Which models `models download` and `models plan-download` are about, where to, and from where.
#pragma once

#include <filesystem>
#include <vector>

#include "cli/models_place.h"
#include "hub/access.h"
#include "hub/catalogue.h"

namespace acestep::cli {

struct WantedModels {
  std::vector<const hub::KnownModel*> models;
  std::filesystem::path folder;
  hub::Access access;
};

// --all, --dir, --source, --offline.
std::vector<CommandOption> wanted_options();

// The named models, all of them, or the main set; parts of names are told on the log. Throws Error
// kModel for unknown names, kUsage for environment variables that cannot be used.
WantedModels wanted_models(const CommandCall& call, const ModelsPlace& place);

}  // namespace acestep::cli
