#include "cli/engine_call.h"

#include "cli/time_limit.h"
#include "plan/size_text.h"

namespace acestep::cli {
namespace {

pipeline::RunOptions run_options(const Prepared& prepared) {
  const request::Settings& settings = prepared.settings();
  const plan::Plan& plan = prepared.plan;
  pipeline::RunOptions options{.songs_together = plan.songs_together.value,
                               .vae_chunk_frames = plan.vae_chunk_frames.value,
                               .vae_overlap_frames = plan.vae_overlap_frames.value};
  options.rng = settings.rng;
  options.follows_reference = settings.compat == "reference";
  if (settings.global_seed) options.global_seed = static_cast<uint64_t>(*settings.global_seed);
  if (settings.python_seed) options.python_seed = static_cast<uint64_t>(*settings.python_seed);
  options.decoder = decoder_of(settings);
  options.print_prompts = settings.print_prompts;
  options.encode_window_frames = prepared.encode_window_frames;
  options.opened_source = prepared.opened_source;
  options.opened_reference = prepared.opened_reference;
  options.source = prepared.digests;
  options.preview_seconds = settings.preview;
  options.preview_steps = settings.preview_steps;
  options.review = review_options(settings);
  return options;
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

// What the plan decided about memory, beside what the stages took.
void add_plan(nlohmann::json& result, const Prepared& prepared) {
  const plan::Plan& plan = prepared.plan;
  const auto or_null = [](const auto& value) {
    return value ? nlohmann::json(*value) : nlohmann::json(nullptr);
  };
  const auto& cap = plan.device.cap_bytes;
  nlohmann::json& memory = result["extra_outputs"]["memory"];
  memory["tier"] = plan.tier.value->name;
  memory["simulated_gb"] = or_null(plan.device.simulated_gib);
  memory["cap_gb"] = cap ? nlohmann::json(plan::to_gib(*cap)) : nlohmann::json(nullptr);
  memory["offload_to_cpu"] = plan.offload_to_cpu.value;
  memory["offload_dit_to_cpu"] = plan.offload_dit_to_cpu.value;
  memory["stream_dit_blocks"] = plan.stream_dit_blocks.value;
  memory["quantization"] = plan.quantization.value;
  memory["lm_model"] = plan.lm_model.value;
  memory["lm_backend"] = plan.lm_backend.value;
  memory["lm_device"] = plan.lm_device.value;
  memory["songs_together"] = plan.songs_together.value;
  memory["duration"] = or_null(plan.duration.value);
  memory["estimate_gb"] = prepared.memory
                              ? nlohmann::json(plan::to_gib(prepared.memory->peak_bytes()))
                              : nlohmann::json(nullptr);
}

// "cpu", "cuda:1", "sim:0"
std::string device_name(const plan::Device& device) {
  const std::string kind(plan::kind_name(device.kind));
  if (!device.is_gpu()) return kind;
  // HIP cards are CUDA devices to libtorch.
  return (device.kind == plan::DeviceKind::kRocm ? "cuda" : kind) + ":" +
         std::to_string(device.index);
}

// The user's no is kept even where memory runs out.
bool is_refused(const plan::Decided<bool>& decided) {
  return decided.source == plan::Source::kUser && !decided.value;
}

pipeline::MemoryPolicy memory_policy(const Prepared& prepared) {
  const plan::Plan& plan = prepared.plan;
  const bool may_offload = !is_refused(plan.offload_to_cpu);
  return {.offloads_to_cpu = plan.offload_to_cpu.value,
          .offloads_dit = plan.offload_dit_to_cpu.value,
          .streams_dit_blocks = plan.stream_dit_blocks.value,
          .lm_on_cpu = plan.lm_device.value == "cpu",
          .vae_on_cpu = plan.vae_on_cpu.value,
          .previews_on_device = prepared.memory && prepared.memory->previews_on_device,
          .may_adapt = !prepared.settings().strict,
          .may_offload = may_offload,
          .may_stream = may_offload && !is_refused(plan.offload_dit_to_cpu) &&
                        !is_refused(plan.stream_dit_blocks),
          .may_decode_on_cpu = may_offload && !is_refused(plan.vae_on_cpu),
          .lm_max_seconds = static_cast<int>(plan.max_duration.value),
          .keeps_models = prepared.settings().keep_loaded,
          .cap_bytes = plan.device.cap_bytes,
          .cap_fraction = plan.device.cap_fraction};
}

}  // namespace

pipeline::MachineOptions machine_options(const Prepared& prepared) {
  const request::Settings& settings = prepared.settings();
  return {.checkpoint_dir = pipeline::resolve_checkpoint_dir(prepared.checkpoint_dir),
          .dit_model = settings.config_path,
          // What prepare() decided, also where the request needs no language model at all.
          .lm_model = prepared.models.uses_lm() ? settings.lm_model_path : "none",
          .vae = settings.vae_checkpoint,
          .adapters = prepared.adapters,
          .device = device_name(prepared.plan.device),
          .dtype = prepared.plan.dtype.value,
          .quantization = prepared.plan.quantization.value,
          .lm_quantization = prepared.plan.lm_quantization.value,
          .threads = static_cast<int>(settings.threads),  // at most 1024
          .memory = memory_policy(prepared)};
}

pipeline::SongPlan plan_songs(const Prepared& prepared) {
  return pipeline::plan_songs(prepared.settings(), machine_options(prepared),
                              run_options(prepared));
}

pipeline::ComposedRequests compose_songs(const Prepared& prepared, pipeline::Session& session,
                                         song::Observer& observer, util::StopToken& stop) {
  const TimeLimit limit(stop, prepared.settings().generation_timeout);
  return session.compose(plan_songs(prepared), run_options(prepared), observer, stop);
}

pipeline::Session& suitable_session(std::unique_ptr<pipeline::Session>& session,
                                    const Prepared& prepared, const device::CudaBackend& cuda) {
  pipeline::MachineOptions wanted = machine_options(prepared);
  if (session && session->options() == wanted) return *session;
  session.reset();
  session = std::make_unique<pipeline::Session>(std::move(wanted), cuda);
  return *session;
}

pipeline::OutputOptions output_options(const request::Settings& settings) {
  return {.save_dir = settings.save_dir,
          .output = settings.output,
          .name_template = settings.name_template,
          .force = settings.force,
          .sidecar = settings.sidecar,
          .save_latents = settings.save_latents,
          .save_codes = settings.save_codes,
          .plot = settings.plot,
          .save_lyrics = settings.lrc,
          .keep_requests = settings.keep_codes};
}

nlohmann::json make_songs(const SongCall& call, pipeline::Session& session,
                          song::Observer& observer, util::StopToken& stop) {
  const request::Settings& settings = call.prepared.settings();
  const TimeLimit limit(stop, settings.generation_timeout);
  nlohmann::json result =
      session.generate(call.plan, run_options(call.prepared), call.output, observer, stop);
  add_findings(result, call.prepared.findings);
  add_plan(result, call.prepared);
  return result;
}

}  // namespace acestep::cli
