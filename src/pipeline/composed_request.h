// A song after the language model as a request of its own: rendered without one it is the same
// song.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <vector>

#include "pipeline/record.h"
#include "util/atomic_file.h"

namespace acestep::pipeline {

// The recorded request with what the language model has filled in, audio codes and all, and nothing
// left to it. Not for compat reference, whose songs depend on what was drawn before them.
nlohmann::json composed_request(const RunFacts& facts, const Song& song);

// What was asked for in the fields whose values the language model's words have replaced; empty
// where it wrote none.
nlohmann::json replaced_fields(const RunFacts& facts, const Song& song);

// One object, or for a name that ends in .jsonl one line per request.
void write_requests(util::AtomicFile& file, const std::filesystem::path& name,
                    const std::vector<nlohmann::json>& requests);

}  // namespace acestep::pipeline
