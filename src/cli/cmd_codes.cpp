#include <unistd.h>

#include <iostream>
#include <utility>

#include "cli/commands.h"
#include "cli/engine_call.h"
#include "cli/generate_run.h"
#include "cli/models_place.h"
#include "cli/signals.h"
#include "cli/sound_call.h"
#include "cli/time_limit.h"
#include "models/audio_codes.h"
#include "pipeline/opened_models.h"
#include "pipeline/source_audio.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

int encode(const CommandCall& call) {
  const Prepared prepared = prepare_sound(call);
  const request::Settings& settings = prepared.settings();
  const bool writes = call.has("output");
  const auto file = writes ? file_to_write(call, settings, {}) : std::filesystem::path();
  const pipeline::SourceAudio source = read_sound(call.argument(0), settings);
  require_audible(source, call.argument(0));

  util::StopToken stop;
  const SignalGuard guard(stop);
  const TimeLimit limit(stop, settings.generation_timeout);
  Progress progress(progress_style(settings, isatty(STDERR_FILENO) == 1), std::cerr);
  const pipeline::OpenedModels models =
      pipeline::open_models(machine_options(prepared), call.surroundings().cuda,
                            {.language_model = false, .text_encoder = false});
  const SoundCall sound(prepared, *models.components, progress, stop);
  const std::vector<int64_t> codes = sound.codec().tokenize(sound.encode(source.sound));
  progress.done(0);

  const std::string text = models::print_audio_codes(codes);
  if (writes) util::write_atomically(file, text + "\n", util::existing_if(settings.force));
  if (settings.json) {
    print_json({{"success", true},
                {"codes", codes},
                {"audio_codes", text},
                {"seconds", source.facts.seconds()},
                {"path", writes ? nlohmann::json(file.string()) : nlohmann::json(nullptr)}});
  } else {
    std::cout << (writes ? file.string() : text) << '\n';
  }
  return 0;
}

// A song on given codes; what else is left open is left to nobody.
int decode(const CommandCall& call) {
  GivenSettings given = read_given_settings(call);
  const std::string source = call.command().name;
  request::Layer usual;
  for (const char* field : {"thinking", "use_cot_metas", "use_cot_caption", "use_cot_language"}) {
    usual[field] = {false, source};
  }
  given.files.insert(given.files.begin(), std::move(usual));
  std::string text = call.argument(0);
  if (text != "-") text.insert(text.begin(), '@');
  request::Layer codes = {{"audio_codes", {std::move(text), "cli"}}};
  read_texts(codes, given.standard_input);
  given.options["audio_codes"] = codes.at("audio_codes");
  return generate(prepare(std::move(given)), call.surroundings().cuda);
}

}  // namespace

std::vector<Command> codes_commands() {
  return {
      {.name = "codes encode",
       .summary = "the 5 Hz audio codes of a sound",
       .details =
           "Encodes with the VAE and the DiT folder's tokenizer, as the reference's \"convert "
           "to codes\" does: five\ncodes a second, each 0 … 63999. The VAE's latents are "
           "sampled with --seed.",
       .arguments = {{"FILE", "a sound file of up to ten minutes"}},
       .options = {{.name = "output",
                    .value = "FILE",
                    .help = "write the codes; without it they go to standard output",
                    .short_name = 'o'}},
       .fields = sound_field_names(),
       .examples = {{"acestep codes encode song.flac -o codes.txt", "one line of codes"}},
       .run = encode},
      {.name = "codes decode",
       .summary = "a song on given codes",
       .details = "The same as `acestep generate --audio_codes @FILE` without the language model: "
                  "every option of generate\ncounts.",
       .arguments = {{"FILE", "codes, as `codes encode` and --save_codes write them; or -"}},
       .takes_request = true,
       .examples = {{"acestep codes decode codes.txt -p \"jazz piano\" -o jazz.flac",
                     "the same codes in other clothes"}},
       .run = decode},
  };
}

}  // namespace acestep::cli
