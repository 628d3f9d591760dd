#include "cli/engine_call.h"

#include "pipeline/generate.h"

namespace acestep::cli {
namespace {

pipeline::RunOptions run_options(const Prepared& prepared, const device::CudaBackend& cuda) {
  const request::Settings& settings = prepared.settings();
  pipeline::RunOptions options;
  options.checkpoint_dir = pipeline::resolve_checkpoint_dir(prepared.checkpoint_dir);
  options.dit_model = settings.config_path;
  // What prepare() decided, also where the request needs no language model at all.
  options.lm_model = prepared.models.uses_lm() ? settings.lm_model_path : "none";
  options.device = settings.device;
  options.dtype = settings.dtype;
  options.rng = settings.rng;
  options.threads = static_cast<int>(settings.threads);  // at most 1024
  options.follows_reference = settings.compat == "reference";
  if (settings.global_seed) options.global_seed = static_cast<uint64_t>(*settings.global_seed);
  options.print_prompts = settings.print_prompts;
  options.cuda = cuda;
  return options;
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

nlohmann::json make_songs(const Prepared& prepared, const device::CudaBackend& cuda,
                          song::Observer& observer, const util::StopToken& stop) {
  nlohmann::json result =
      pipeline::run_generate(prepared.settings(), run_options(prepared, cuda),
                             output_options(prepared.settings()), observer, stop);
  add_findings(result, prepared.findings);
  return result;
}

}  // namespace acestep::cli
