#include "cli/commands.h"
#include "cli/service_call.h"
#include "cli/sound_call.h"
#include "models/audio_codes.h"
#include "util/atomic_file.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

// Either a sound or its codes.
void require_one_source(const std::string& file, const std::string& codes) {
  if (file.empty() == codes.empty()) {
    throw Error(ErrorCode::kUsage,
                file.empty() ? "understand: a sound FILE or --audio_codes is missing"
                             : "understand: FILE and --audio_codes are both given",
                "give one of them; --audio_codes takes codes, @FILE with codes, or -");
  }
}

// Encodes the sound, and writes --codes_out.
pipeline::ServiceTask task_of_sound(const CommandCall& call, const Prepared& prepared,
                                    const pipeline::SourceAudio& source,
                                    pipeline::OpenedModels& models, Progress& progress,
                                    util::StopToken& stop) {
  const SoundCall sound(prepared, *models.components, progress, stop);
  const std::string codes =
      models::print_audio_codes(sound.codec().tokenize(sound.encode(source.sound)));
  const std::string out = call.text("codes_out");
  if (!out.empty()) {
    util::write_atomically(out, codes + "\n", util::existing_if(prepared.settings().force));
  }
  return pipeline::CodesToDescribe{codes};
}

int run(const CommandCall& call) {
  request::Layer layer;
  layer["sample_mode"] = {true, call.command().name};  // no words of the user's are asked for
  const Prepared prepared = prepare_service(call, std::move(layer));
  const std::string& codes = prepared.settings().audio_codes;
  const std::string file = call.argument(0);
  require_one_source(file, codes);
  if (!codes.empty()) {
    if (call.has("codes_out")) {
      throw Error(ErrorCode::kUsage, "understand: --codes_out needs a sound FILE");
    }
    return run_service(call, prepared, pipeline::CodesToDescribe{codes});
  }
  if (call.has("codes_out")) {
    const util::AtomicFile trial(call.text("codes_out"),
                                 util::existing_if(prepared.settings().force));
  }
  const pipeline::SourceAudio source = read_sound(file, prepared.settings());
  require_audible(source, file);
  return run_service(
      call, prepared,
      {.needs = {.text_encoder = false}, .task = [&](auto& models, auto& progress, auto& stop) {
         return task_of_sound(call, prepared, source, models, progress, stop);
       }});
}

}  // namespace

Command understand_command() {
  return {
      .name = "understand",
      .summary = "caption, lyrics, tempo, key, metre, length and language of a sound or its codes",
      .details =
          "A sound is encoded with the VAE and the DiT folder's tokenizer; the language model "
          "describes the codes.\nThe answer is a request: what --json prints and "
          "--request_out writes is made by `acestep generate -c`.\n\nExit code 7: the model "
          "wrote nothing that describes a song.",
      .arguments = {{.name = "FILE",
                     .help = "a sound file of up to ten minutes",
                     .is_required = false}},
      .options = {request_out_option(),
                  {.name = "codes_out", .value = "FILE", .help = "write the sound's codes"}},
      .fields = service_field_names({"audio_codes", "decoder"}),
      .examples = {{"acestep understand song.flac", "in words"},
                   {"acestep understand song.flac -o song.json --codes_out song.codes.txt",
                    "a request, and the codes"},
                   {"acestep understand --audio_codes @song.codes.txt", "known codes"}},
      .run = run};
}

}  // namespace acestep::cli
