// From arguments, environment and files to one checked request: everything before models are
// touched.
#pragma once

#include <string>
#include <vector>

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

// Precedence, highest first: options, environment, --config files (later ones first), the user's
// config.toml, the model family's preset, built-in defaults. Throws Error kUsage with all problems,
// kInput for files that cannot be read.
Prepared prepare(const std::vector<std::string>& arguments,
                 const request::Environment& environment);

// The process's own variables.
request::Environment process_environment();

}  // namespace acestep::cli
