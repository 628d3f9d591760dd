// Removes a model's folder, and nothing else.
#pragma once

#include <filesystem>
#include <string>

#include "hub/local_model.h"

namespace acestep::hub {

// The folder `name` directly below `checkpoint_dir`. Throws Error kUsage for anything but a plain
// name, Error kModel for what is absent, a link, no folder, or holds neither a model nor a part of
// one.
LocalModel model_to_remove(const std::filesystem::path& checkpoint_dir, const std::string& name);

// Links inside are removed, never followed. Stopped in the middle, what is left counts as
// incomplete. Throws Error kOutput naming the path.
void remove_model(const LocalModel& model);

}  // namespace acestep::hub
