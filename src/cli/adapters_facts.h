// What the commands about adapters tell of one.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "adapters/adapter.h"

namespace acestep::cli {

// One object for scripts, without its single changes.
nlohmann::json adapter_json(const adapters::Adapter& adapter);

// "4", or "2 … 16"; "whole" for LoKr of whole matrices.
std::string ranks_text(const adapters::Adapter& adapter);

}  // namespace acestep::cli
