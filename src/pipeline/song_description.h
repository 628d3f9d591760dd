// A song in words: what the language model's services answer, and what a request takes.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "song/observer.h"
#include "text/metadata.h"

namespace acestep::pipeline {

struct SongDescription {
  std::string caption = {};
  std::string lyrics = {};
  std::optional<int64_t> bpm = {};      // absent: not stated
  std::optional<double> duration = {};  // seconds; absent: not stated
  std::string keyscale = {};            // empty: not stated, here and below
  std::string language = {};
  std::string timesignature = {};
  bool is_instrumental = false;  // asked for, or the lyrics say so

  bool operator==(const SongDescription&) const = default;
};

// What the model's metadata says; absent where it says nothing at all.
std::optional<SongDescription> to_description(const text::Metadata& metadata);

// Values that no request may have (request/song_values.h) are left open instead, and told.
std::vector<song::Adjustment> leave_out_unusable(SongDescription& description);

// An object with the request's names: caption, lyrics, bpm, duration, keyscale, language,
// timesignature, instrumental; null for what is not stated. `acestep generate -c` takes it.
nlohmann::json to_json(const SongDescription& description);

}  // namespace acestep::pipeline
