#include "cli/sound_call.h"

#include <utility>

#include "cli/command_table.h"
#include "cli/decoding.h"
#include "cli/given_settings.h"
#include "diffusion/noise.h"
#include "pipeline/batches.h"
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
  std::vector<std::string> names = machine_field_names();
  names.insert(names.end(), {"seed", "decoder"});
  return names;
}

Prepared prepare_sound(const CommandCall& call) {
  GivenSettings given = read_given_settings(call);
  go_without_language_model(given, call.command().name);
  return prepare_without_song(std::move(given), [&](Prepared& prepared) {
    request::validate_fields(prepared.gathered, fields_of(call.command()), prepared.findings);
  });
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
  Decoding decoding(settings);
  return pipeline::read_source_audio({.path = file, .decoder = decoding.call()});
}

void require_audible(const pipeline::SourceAudio& source, const std::string& file) {
  if (source.facts.is_audible) return;
  throw Error(ErrorCode::kInput, file + ": is silent", "give sound that can be heard");
}

std::filesystem::path file_to_write(const CommandCall& call, const request::Settings& settings,
                                    const std::filesystem::path& otherwise) {
  std::filesystem::path file = call.text("output", otherwise.string());
  const util::AtomicFile trial(file, util::existing_if(settings.force));
  return file;
}

}  // namespace acestep::cli
