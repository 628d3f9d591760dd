#include "profile/generate_runner.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "profile/child_process.h"
#include "profile/child_result.h"
#include "profile/example_song.h"
#include "util/atomic_file.h"
#include "util/error.h"
#include "util/strict_json.h"

namespace acestep::profile {
namespace {

namespace fs = std::filesystem;

std::string option(const std::string& name, const std::string& value) {
  return "--" + name + "=" + value;
}

// What makes a run another than the tier's own.
void add_variant(const TierRun& run, std::vector<std::string>& arguments) {
  if (run.is_variant()) {
    arguments.push_back(option("quantization", "none"));
  }
  if (run.variant == "no-offload") {
    arguments.push_back(option("offload_to_cpu", "false"));
    arguments.push_back(option("offload_dit_to_cpu", "false"));
  }
  if (run.variant.starts_with("batch-")) {
    arguments.push_back(option("songs_together", std::to_string(run.songs)));
  }
}

std::optional<nlohmann::json> result_in(const fs::path& file, const ChildEnd& end) {
  std::error_code error;
  const bool says_something = end.signal == 0 && fs::file_size(file, error) > 0 && !error;
  if (!says_something) return std::nullopt;
  return util::read_json_file(file, {.max_bytes = 256 << 20, .max_depth = 32},
                              ErrorCode::kInternal);
}

std::string log_name(const TierRun& run) {
  return number_json(run.size_gb).dump() + "gb-" + run.variant + ".log";
}

}  // namespace

std::vector<std::string> hidden_variables() {
  std::vector<std::string> names = {"MAX_CUDA_VRAM", "ACESTEP_INIT_LLM",
                                    "ACESTEP_VAE_DECODE_CHUNK_SIZE", "ACESTEP_LM_BACKEND"};
  for (const char* option :
       {"TIER", "MAX_VRAM", "SIM_CARDS", "OFFLOAD_TO_CPU", "OFFLOAD_DIT_TO_CPU", "QUANTIZATION",
        "LM_QUANTIZATION", "BACKEND", "VAE_CHUNK_SIZE", "VAE_OVERLAP", "VAE_ON_CPU",
        "SONGS_TOGETHER", "THINKING"}) {
    names.push_back(std::string("ACESTEP_") + option);
  }
  return names;
}

std::vector<std::string> generate_arguments(const TierRun& run, const GenerateSettings& settings,
                                            const fs::path& request, const fs::path& songs) {
  std::vector<std::string> arguments = {
      "generate",
      "--json",
      option("progress", "none"),
      option("config", request.string()),
      option("max_vram", number_json(run.size_gb).dump()),
      option("duration", number_json(run.seconds).dump()),
      option("batch_size", std::to_string(run.songs)),
      option("inference_steps", std::to_string(settings.steps)),
      option("seed", std::to_string(settings.seed)),
      option("save_dir", songs.string()),
      option("audio_format", "flac"),
      option("sidecar", "false"),
      option("lm_model_path", run.uses_lm() ? run.lm_model : "none"),
      option("thinking", run.uses_lm() ? "true" : "false")};
  add_variant(run, arguments);
  arguments.insert(arguments.end(), settings.passed_on.begin(), settings.passed_on.end());
  return arguments;
}

GenerateRunner::GenerateRunner(GenerateSettings settings, WorkFolder& folder,
                               const util::StopToken& stop)
    : settings_(std::move(settings)),
      folder_(folder),
      stop_(stop),
      request_(folder.path() / "request.json") {
  util::write_atomically(request_, example_request().dump(2));
}

TierRecord GenerateRunner::make(const TierRun& run) {
  const fs::path songs = folder_.fresh_folder("songs");
  ChildAnswer answer{.end = {}, .result = {}, .log = folder_.path() / log_name(run)};
  const fs::path output = folder_.path() / "result.json";
  ChildCall call{.program = settings_.program,
                 .arguments = generate_arguments(run, settings_, request_, songs),
                 .environment = environment_without(hidden_variables()),
                 .output = output,
                 .errors = answer.log};
  call.arguments.insert(call.arguments.begin(), "acestep");
  answer.end = run_child(call, stop_);
  stop_.throw_if_stopped();  // its end may be the signal's doing
  answer.result = result_in(output, answer.end);
  TierRecord record = record_of(run, answer);
  if (record.passes()) {
    record.outcome.log.clear();
  } else {
    folder_.keep(answer.log);
    record.outcome.error += " (log: " + answer.log.string() + ")";
  }
  return record;
}

}  // namespace acestep::profile
