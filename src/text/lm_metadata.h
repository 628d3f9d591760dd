// Metadata on its way between the user, the language model's chain of thought and the song.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "text/compat.h"
#include "text/metadata.h"

namespace acestep::text {

// "<think>\n{yaml}\n</think>" of the known fields that are not null (genres are never written). A
// time signature loses "/4"; texts of digits become numbers. kReference: the captions, keys and
// languages made of digits too, and it throws Error kUsage where the reference raises: a time
// signature that is no text, digits that are no decimal ones ("²"); numbers beyond 64 bits are
// refused too. kFixed: only bpm, duration and timesignature become numbers; nothing throws (facts:
// quirk 15).
std::string format_metadata_as_cot(const Metadata& metadata, Compat compat = Compat::kFixed);

// Are bpm, keyscale, timesignature and duration all present, even as null?
bool has_all_metas(const Metadata& metadata);

// What the user left open and what is known of it so far.
struct OpenFields {
  std::optional<int64_t> bpm;
  std::string keyscale;
  std::string timesignature;
  std::optional<double> duration;  // seconds; missing or <= 0 is open
  std::string vocal_language;
  std::string caption;
  std::string lyrics;
};

// Fills the open fields from the model's metadata; "N/A" and what does not parse fill nothing.
// kReference: a language comes only from the key "vocal_language", which the model never writes,
// and a missing duration becomes -1. kFixed: also from "language", and "unknown" counts as open
// (facts: quirk 3).
OpenFields fill_from_lm(OpenFields fields, const Metadata& metadata,
                        Compat compat = Compat::kFixed);

// The language that the model names, for a request that lets it choose; empty if it names none.
// kReference looks under "vocal_language" only.
std::string language_from_lm(const Metadata& metadata, Compat compat = Compat::kFixed);

// A song description as the understand, create and format calls return it. The text values are
// strings unless the model's metadata held something else.
struct LmSample {
  MetadataValue caption;
  MetadataValue lyrics;
  std::optional<int64_t> bpm;      // empty where it does not parse
  std::optional<double> duration;  // seconds
  MetadataValue keyscale;          // "N/A" becomes ""
  MetadataValue language;
  MetadataValue timesignature;
  MetadataValue instrumental;  // create only
};

// What a call falls back to where the metadata says nothing.
struct SampleDefaults {
  std::string lyrics = {};
  bool instrumental = false;
};

// Empty metadata is a failed call: no sample.
std::optional<LmSample> to_sample(const Metadata& metadata, const SampleDefaults& defaults);

}  // namespace acestep::text
