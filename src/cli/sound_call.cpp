#include "cli/sound_call.h"

#include <utility>

#include "cli/command_table.h"
#include "cli/given_settings.h"
#include "cli/log.h"
#include "diffusion/noise.h"
#include "pipeline/batches.h"
#include "request/request_fields.h"
#include "request/validate.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

pipeline::EngineOptions engine_options(const Prepared& prepared) {
  const plan::Plan& plan = prepared.plan;
  pipeline::EngineOptions options;
  options.follows_reference = prepared.settings().compat == "reference";
  options.vae_chunk_frames = plan.vae_chunk_frames.value;
  options.vae_overlap_frames = plan.vae_overlap_frames.value;
  return options;
}

}  // namespace

std::vector<std::string> sound_field_names() {
  std::vector<std::string> names = {
      "json",   "strict",         "progress",     "force",       "generation_timeout",
      "seed",   "checkpoint_dir", "project_root", "config_path", "vae_checkpoint",
      "device", "dtype",          "threads",      "compat",      "decoder"};
  for (const request::Field* field : request::supported_fields()) {
    if (field->group == request::FieldGroup::kMemory) names.push_back(field->name);
  }
  return names;
}

Prepared prepare_sound(const CommandCall& call) {
  GivenSettings given = read_given_settings(call);
  given.options["lm_model_path"] = {std::string("none"), call.command().name};
  given.options["thinking"] = {false, call.command().name};
  Prepared prepared = resolve(std::move(given));
  start_log(prepared.settings());
  request::validate_fields(prepared.gathered, fields_of(call.command()), prepared.findings);
  request::throw_problems(prepared.findings);
  judge_adjustments(prepared.findings, prepared.settings());
  request::throw_problems(prepared.findings);
  log_findings(prepared.findings);
  return prepared;
}

uint64_t sound_seed(const request::Settings& settings) {
  if (settings.seeds.empty()) return pipeline::random_seed();
  return static_cast<uint64_t>(settings.seeds.front());
}

SoundCall::SoundCall(const Prepared& prepared, pipeline::Components& components, Progress& progress,
                     util::StopToken& stop)
    : seed_(sound_seed(prepared.settings())),
      options_(engine_options(prepared)),
      context_{.observer = progress,
               .check_stop = [&stop] { stop.throw_if_stopped(); },
               .device = components.device()},
      codec_{components, options_, context_} {}

at::Tensor SoundCall::encode(const audio::Waveform& sound) const {
  at::Generator generator = diffusion::make_generator(seed_);
  return codec_.encode(sound, generator);
}

pipeline::SourceAudio read_sound(const std::string& file, const request::Settings& settings) {
  return pipeline::read_source_audio({.path = file, .decoder = {.command = decoder_of(settings)}});
}

void require_audible(const pipeline::SourceAudio& source, const std::string& file) {
  if (source.facts.is_audible) return;
  throw Error(ErrorCode::kInput, file + ": is silent", "give sound that can be heard");
}

util::Existing existing_of(const request::Settings& settings) {
  return settings.force ? util::Existing::kReplace : util::Existing::kRefuse;
}

std::filesystem::path file_to_write(const CommandCall& call, const request::Settings& settings,
                                    const std::filesystem::path& otherwise) {
  std::filesystem::path file = call.text("output", otherwise.string());
  const util::AtomicFile trial(file, existing_of(settings));
  return file;
}

}  // namespace acestep::cli
