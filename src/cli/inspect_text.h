// What `acestep inspect` shows of a record.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "pipeline/record_reader.h"

namespace acestep::cli {

// About 15 lines "label  facts"; whatever a damaged record lacks is left out.
std::string inspect_text(const pipeline::FoundRecord& found);

// {"file", "audio", "tags", "record_from", "record_file", "left_out", "remarks", "record"}; "audio"
// and "tags" are null for a sidecar without its song.
nlohmann::json inspect_json(const pipeline::FoundRecord& found);

}  // namespace acestep::cli
