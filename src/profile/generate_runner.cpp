#include "profile/generate_runner.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>
#include <utility>

#include "profile/child_result.h"
#include "profile/example_song.h"
#include "request/environment.h"
#include "request/request_fields.h"
#include "util/atomic_file.h"
#include "util/child_process.h"
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

std::optional<nlohmann::json> result_in(const fs::path& file, const util::ChildEnd& end) {
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
  // What holds for all sizes alike is passed on.
  const std::set<std::string> passed = {"sim_scale", "sim_compute", "allow_unsupported",
                                        "compile_model"};
  std::vector<std::string> names = {"ACESTEP_INIT_LLM"};
  for (const request::Variable& variable : request::known_variables()) {
    if (variable.use != request::VariableUse::kField) continue;
    const request::Field* field = request::find_field(variable.meaning);
    const bool decides = field != nullptr && (field->group == request::FieldGroup::kMemory ||
                                              field->name == "thinking");
    if (decides && !passed.contains(field->name)) names.push_back(variable.name);
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
  util::ChildCall call{.program = settings_.program,
                       .arguments = generate_arguments(run, settings_, request_, songs),
                       .environment = util::environment_without(hidden_variables()),
                       .output = output,
                       .errors = answer.log};
  call.arguments.insert(call.arguments.begin(), "acestep");
  answer.end = util::run_child(call, stop_);
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
