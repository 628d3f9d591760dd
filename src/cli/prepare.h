// From arguments, environment and files to one checked request: everything before models are
// touched.
#pragma once

#include <optional>
#include <string>

#include "cli/given_settings.h"
#include "pipeline/model_folders.h"
#include "request/findings.h"
#include "request/layer.h"

namespace acestep::cli {

struct Prepared {
  request::Gathered gathered;
  request::Findings findings;
  pipeline::ModelFolders models;
  std::string checkpoint_dir;

  const request::Settings& settings() const { return gathered.settings; }
};

// Precedence, highest first: options, environment, `request` (one of a batch), --config files
// (later ones first), the user's config.toml, the model family's preset, built-in defaults. Throws
// Error kUsage with all problems.
Prepared prepare(GivenSettings given, const std::optional<request::Document>& request = {});

// The process's own variables.
request::Environment process_environment();

}  // namespace acestep::cli
