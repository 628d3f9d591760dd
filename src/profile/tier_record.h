// One run of the tier test: what it was made with, what came of it, and both as the reference's
// record.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace acestep::profile {

// What one song, or several at once, are to be made with on a card of one size.
struct TierRun {
  double size_gb = 0;
  std::string tier = {};              // "tier6a"
  std::string variant = "default";    // default, no-quant, no-offload, batch-noLM-N, batch-LM-N
  std::string lm_model = {};          // "" without a language model
  std::string lm_backend = {};        // the tier's, also without one
  std::string quantization = "none";  // of the transformer
  bool offload_to_cpu = false;
  bool offload_dit_to_cpu = false;
  double seconds = 0;                 // of the song
  int64_t songs = 1;                  // computed together
  std::optional<double> cap_gb = {};  // of the allocator; absent: none, or not known yet

  bool uses_lm() const { return !lm_model.empty(); }
  bool is_default() const { return variant == "default"; }
  // With other settings than the tier's own.
  bool is_variant() const { return variant == "no-quant" || variant == "no-offload"; }
};

struct StagePeak {
  std::string stage;  // compose, condition, denoise, decode
  double peak_gb = 0;
  double seconds = 0;
};

// What the program said about a run, or why it said nothing.
struct Outcome {
  bool is_loaded = false;  // models were there and fitted
  bool is_done = false;    // the songs were written
  std::string error = {};  // with the reference's prefix, "OOM: …"; "" when all went well
  double wall_seconds = 0;
  std::optional<double> peak_gb = {};  // absent: not told
  std::optional<double> lm_seconds = {};
  std::optional<double> dit_seconds = {};
  std::optional<double> vae_seconds = {};
  std::vector<StagePeak> stages = {};
  std::filesystem::path log = {};  // of a run that failed
};

struct TierRecord {
  TierRun run;
  Outcome outcome;

  bool passes() const { return outcome.is_loaded && outcome.is_done; }
};

// "5.25GB", "7.5MB": whatever the models' size.
std::string memory_text(double gb);
// The same, or "-" where nothing was measured.
std::string memory_text(const std::optional<double>& gb);

// 240 for 240.0, so that whole numbers are read as such everywhere.
nlohmann::json number_json(double number);

// The reference's fields, and no others. peak_vram_gb is null where nothing was measured.
nlohmann::json record_json(const TierRecord& record);
// Those, and "cap_gb", "stages" and "log".
nlohmann::json detailed_json(const TierRecord& record);

nlohmann::json records_json(const std::vector<TierRecord>& records);

// A list as records_json() writes it, the reference's own included. Throws Error kInput naming the
// file and what is not as it must be.
std::vector<TierRecord> read_records(const std::filesystem::path& file);

}  // namespace acestep::profile
