// What a run would do, without doing it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "cli/prepare.h"

namespace acestep::cli {

// {command, request, sources, models, adjustments, warnings, errors, exit_code} and, if
// wanted, prompts; exit_code is what
// the run itself would end with as far as can be told now.
nlohmann::json dry_run_json(const Prepared& prepared);

// The same for people, at most 20 lines, and behind them the prompts if they are wanted.
std::string dry_run_text(const Prepared& prepared);

// The object "prompts" of dry_run_json() or of a result, for people.
std::string prompts_text(const nlohmann::json& prompts);

// All fields of the request with their values; left open is null.
nlohmann::json request_json(const request::Settings& settings);

}  // namespace acestep::cli
