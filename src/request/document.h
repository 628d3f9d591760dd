// Request files of every dialect as one flat list of keys, the form in which settings are read.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "request/findings.h"

namespace acestep::request {

struct Entry {
  std::string key;
  nlohmann::json value;
  int line = 0;  // 1-based; 0: not known, or the only one
};

struct Document {
  std::string name = {};            // as the user wrote it; "-" for standard input
  std::vector<Entry> entries = {};  // with the names of our fields
  std::string dialect = {};         // how it was understood: "flat JSON", "acestep.cpp", …
  Findings findings = {};           // what a dialect's own rules changed, noticed or refuse
};

// A flat object (our requests, the reference's examples), {"params", "config", "model",
// "lm_model"} (golden data), {"request"} (our sidecars), or one of the dialects of dialects.h.
// Throws Error kUsage.
Document read_request_json(std::string_view text, const std::string& name);

// Flat keys, or the tables [defaults] and [generate], the latter winning. Throws Error kUsage with
// line and column.
Document read_request_toml(std::string_view text, const std::string& name);

// Chooses by the ending (.json, .toml), else by the first character that is not blank.
Document read_request(std::string_view text, const std::string& name);

}  // namespace acestep::request
