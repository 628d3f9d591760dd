#include "cli/engine_call.h"

namespace acestep::cli {
namespace {

pipeline::RunOptions run_options(const request::Settings& settings) {
  pipeline::RunOptions options;
  options.rng = settings.rng;
  options.follows_reference = settings.compat == "reference";
  if (settings.global_seed) options.global_seed = static_cast<uint64_t>(*settings.global_seed);
  options.print_prompts = settings.print_prompts;
  return options;
}

// A time limit that ends with its scope.
class TimeLimit final {
 public:
  TimeLimit(util::StopToken& stop, const std::optional<double>& seconds) : stop_(stop) {
    if (seconds) stop_.limit_time(std::chrono::duration<double>(*seconds));
  }
  ~TimeLimit() { stop_.lift_time_limit(); }
  TimeLimit(const TimeLimit&) = delete;
  TimeLimit& operator=(const TimeLimit&) = delete;

 private:
  util::StopToken& stop_;
};

// Puts what was noticed before the engine ran in front of what it noticed itself.
void add_findings(nlohmann::json& result, const request::Findings& findings) {
  nlohmann::json& extra = result["extra_outputs"];
  nlohmann::json adjustments = nlohmann::json::array();
  for (const auto& adjustment : findings.adjustments) {
    adjustments.push_back(request::to_json(adjustment));
  }
  for (auto& adjustment : extra["adjustments"]) adjustments.push_back(std::move(adjustment));
  nlohmann::json warnings = findings.warnings;
  for (auto& warning : extra["warnings"]) warnings.push_back(std::move(warning));
  extra["adjustments"] = std::move(adjustments);
  extra["warnings"] = std::move(warnings);
}

}  // namespace

pipeline::MachineOptions machine_options(const Prepared& prepared) {
  const request::Settings& settings = prepared.settings();
  // The reference computes in float32 on a CPU; matching its numbers asks for the same.
  const bool is_open_compat = settings.dtype == "auto" && settings.compat == "reference";
  return {.checkpoint_dir = pipeline::resolve_checkpoint_dir(prepared.checkpoint_dir),
          .dit_model = settings.config_path,
          // What prepare() decided, also where the request needs no language model at all.
          .lm_model = prepared.models.uses_lm() ? settings.lm_model_path : "none",
          .vae = settings.vae_checkpoint,
          .device = settings.device,
          .dtype = is_open_compat ? "fp32" : settings.dtype,
          .quantization = settings.quantization,
          .lm_quantization = settings.lm_quantization,
          .threads = static_cast<int>(settings.threads),  // at most 1024
          .keeps_models = settings.keep_loaded};
}

pipeline::SongPlan plan_songs(const Prepared& prepared) {
  return pipeline::plan_songs(prepared.settings(), machine_options(prepared),
                              run_options(prepared.settings()));
}

pipeline::OutputOptions output_options(const request::Settings& settings) {
  return {.save_dir = settings.save_dir,
          .output = settings.output,
          .name_template = settings.name_template,
          .force = settings.force,
          .sidecar = settings.sidecar,
          .save_latents = settings.save_latents,
          .save_codes = settings.save_codes};
}

nlohmann::json make_songs(const SongCall& call, pipeline::Session& session,
                          song::Observer& observer, util::StopToken& stop) {
  const request::Settings& settings = call.prepared.settings();
  const TimeLimit limit(stop, settings.generation_timeout);
  nlohmann::json result =
      session.generate(call.plan, run_options(settings), call.output, observer, stop);
  add_findings(result, call.prepared.findings);
  return result;
}

}  // namespace acestep::cli
