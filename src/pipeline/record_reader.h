// Finds the record of how a song was made: inside the song or in the JSON file beside it.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "audio/reader.h"

namespace acestep::pipeline {

struct FoundRecord {
  // As repeatable_record() or compact_record() made it; from a sidecar also with "song". An object
  // whose "schema" is ours and whose "request", "models", "composition" and "song" are objects if
  // they are there; what they hold is not checked.
  nlohmann::json record;
  std::filesystem::path file;  // that holds the record: the song or its sidecar
  bool is_embedded = false;
  std::vector<std::string> left_out;  // by compact_record(); empty: the record is complete
  // Absent for a sidecar without its song.
  std::filesystem::path song_file;
  std::optional<audio::SoundFile> sound;
  std::vector<std::string> remarks;  // what a user should know about the choice, one line each
};

// file: a song or a sidecar. A song's sidecar is preferred to the embedded record when it was
// written for exactly this file. Throws Error kInput saying what the file is instead, when it has
// no record or breaks off.
FoundRecord find_record(const std::filesystem::path& file);

// Does NAME.json beside the song say that it was written for exactly this file?
bool is_song_of_sidecar(const std::filesystem::path& song);

// A request that makes the song again, with every field that decides it. Throws Error kInput naming
// the texts that a compact record leaves out.
nlohmann::json repeating_request(const FoundRecord& found);

}  // namespace acestep::pipeline
