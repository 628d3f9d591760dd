// Proves that a model folder has every tensor the engine takes, in its shape, and nothing besides,
// without reading the weights.
#pragma once

#include <filesystem>

#include "hub/catalogue.h"

namespace acestep::pipeline {

// Binds everything on the meta device, which allocates nothing, and reads the tokenizer and the
// silence latent where the kind has them. Throws Error kModel listing all that is missing, extra,
// misshapen or damaged.
void check_model(hub::ModelKind kind, const std::filesystem::path& folder);

}  // namespace acestep::pipeline
