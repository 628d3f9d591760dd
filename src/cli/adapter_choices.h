// The adapters that settings name, as files.
#pragma once

#include <filesystem>
#include <vector>

#include "adapters/adapter_choice.h"
#include "request/settings.h"

namespace acestep::cli {

// The folder that adapter_dir and project_root name.
std::filesystem::path adapter_folder(const request::Settings& settings);

// In the order they were given. Throws Error kInput for one that is not there.
std::vector<adapters::AdapterChoice> chosen_adapters(const request::Settings& settings);

}  // namespace acestep::cli
