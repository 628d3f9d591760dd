// The record of how a song was made: complete beside the song, repeatable part inside it.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "pipeline/engine.h"
#include "pipeline/run_options.h"
#include "request/field.h"
#include "request/settings.h"

namespace acestep::pipeline {

inline constexpr char kRecordSchema[] = "acestep/1";

// An adapter that was merged into the DiT.
struct AdapterFacts {
  std::string name = {};    // of its file or folder
  std::string digest = {};  // adapters::Adapter::digest()
  std::string method = {};  // "LoRA", "LoKr with DoRA", …
  double scale = 1.0;
};

// What is the same for all songs of a run.
struct RunFacts {
  request::GenerationRequest request = {};  // as asked, after defaults, every song's seed named
  std::string dit_model = {};
  std::string lm_model = {};  // "none" without one
  std::string text_encoder = {};
  std::string vae = {};
  std::map<std::string, std::string> weights = {};  // weight_digest() by the part's name
  std::vector<AdapterFacts> adapters = {};
  std::string dtype = {};             // fp32, bf16, fp16
  std::string quantization = "none";  // of the DiT
  std::string lm_quantization = "none";
  std::string rng = {};                      // cpu, device
  std::string compat = {};                   // none, reference
  std::optional<uint64_t> global_seed = {};  // with compat reference: the one used
  std::optional<uint64_t> python_seed = {};  // likewise, where a reference sound was heard
  SourceDigests source = {};                 // of the files that the songs are made from
};

// {"audio_sha256": …, "latents_sha256": …, "reference_sha256": …}, each if there is such a file.
nlohmann::json source_json(const SourceDigests& source);

// What makes this song again: schema, version, the request with the song's own seeds (with compat
// reference: with its whole batch's), otherwise with the words that the language model wrote for
// it, model names, digests of their weights and precision. The same for every run of the same song:
// no time, path, host, thread count or position.
nlohmann::json repeatable_record(const RunFacts& facts, const Song& song,
                                 const Rendering& rendering);

// The settings behind that record's request.
request::Settings repeating_settings(const RunFacts& facts, const Song& song);

// A name for the song made from all that decides it, as 8-4-4-4-12 hexadecimal digits: the
// reference names its files like that, by other digits.
std::string request_uuid(const RunFacts& facts, const SongSeeds& seeds);

// Does the field decide a song, so that it stands in the record?
bool is_recorded(const request::Field& field);
// The values of those fields.
nlohmann::json recorded_fields(const request::Settings& settings);

// The recorded fields' default values, replaced by those that `request` (an object) has: undoes
// what compact_record() leaves out of a request by itself.
nlohmann::json with_defaults(const nlohmann::json& request);

// The same with the lists and default values left out, to fit `most_bytes` of text; what does not
// fit is named under "left_out".
std::string compact_record(const nlohmann::json& record, std::size_t most_bytes);

}  // namespace acestep::pipeline
