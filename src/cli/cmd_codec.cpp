#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <iostream>
#include <memory>

#include "audio/writer.h"
#include "cli/commands.h"
#include "cli/engine_call.h"
#include "cli/models_place.h"
#include "cli/signals.h"
#include "cli/sound_call.h"
#include "cli/time_limit.h"
#include "condition/latent_plan.h"
#include "pipeline/latents_file.h"
#include "pipeline/opened_models.h"
#include "pipeline/song_writer.h"
#include "pipeline/source_audio.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr pipeline::ModelNeeds kVaeAlone{
    .dit = false, .language_model = false, .text_encoder = false};

// One run of the VAE: machine, progress, and where to stop.
struct CodecRun {
  explicit CodecRun(const CommandCall& call)
      : prepared(prepare_sound(call)),
        guard(stop),
        limit(stop, prepared.settings().generation_timeout),
        progress(progress_style(prepared.settings(), isatty(STDERR_FILENO) == 1), std::cerr) {}

  void open(const CommandCall& call) {
    models = pipeline::open_models(machine_options(prepared), call.surroundings().cuda, kVaeAlone);
    sound = std::make_unique<SoundCall>(prepared, *models.components, progress, stop);
  }
  const request::Settings& settings() const { return prepared.settings(); }

  Prepared prepared;
  util::StopToken stop;
  SignalGuard guard;
  TimeLimit limit;
  Progress progress;
  pipeline::OpenedModels models;
  std::unique_ptr<SoundCall> sound;
};

// "song.flac" and ".wav" -> "song.wav", in the current folder.
fs::path named_after(const std::string& file, const std::string& ending) {
  return fs::path(file).filename().replace_extension(ending);
}

// What was written, as one path or one object.
void show_written(const fs::path& file, const at::Tensor& latents,
                  const request::Settings& settings) {
  if (!settings.json) {
    std::cout << file.string() << '\n';
    return;
  }
  print_json({{"success", true},
              {"path", file.string()},
              {"frames", latents.size(0)},
              {"seconds", static_cast<double>(latents.size(0)) / condition::kFramesPerSecond}});
}

int encode(const CommandCall& call) {
  CodecRun run(call);
  const bool is_raw = call.text("latent_format", "safetensors") == "vae";
  const std::string ending = is_raw ? ".vae" : pipeline::kLatentsSuffix;
  const fs::path file = file_to_write(call, run.settings(), named_after(call.argument(0), ending));
  const pipeline::LatentFormat format =
      call.has("latent_format") ? pipeline::parse_latent_format(call.text("latent_format"))
                                : pipeline::latent_format_of(file);
  const pipeline::SourceAudio source = read_sound(call.argument(0), run.settings());
  run.open(call);
  const at::Tensor latents = run.sound->encode(source.sound);
  pipeline::write_latents(file, latents, format, util::existing_if(run.settings().force));
  run.progress.done(0);
  show_written(file, latents, run.settings());
  return 0;
}

audio::Encoding encoding_of(const fs::path& file) {
  const std::string ending = file.extension().string();
  return {.format = pipeline::parse_audio_format(ending.empty() ? ending : ending.substr(1))};
}

int decode(const CommandCall& call) {
  CodecRun run(call);
  const at::Tensor latents = pipeline::read_latents(call.argument(0));
  const fs::path file = file_to_write(call, run.settings(), named_after(call.argument(0), ".flac"));
  const audio::Encoding encoding = encoding_of(file);
  run.open(call);
  const audio::Waveform sound = run.sound->codec().decode(latents);
  audio::write_audio(file, sound, encoding, {}, util::existing_if(run.settings().force));
  run.progress.done(0);
  show_written(file, latents, run.settings());
  return 0;
}

// JSON has no infinity: null for equal sounds.
json decibels(double value) { return std::isfinite(value) ? json(value) : json(nullptr); }

void show_distance(const pipeline::SoundDistance& distance, const at::Tensor& latents,
                   const request::Settings& settings) {
  if (settings.json) {
    print_json({{"success", true},
                {"frames", latents.size(0)},
                {"seconds", static_cast<double>(latents.size(0)) / condition::kFramesPerSecond},
                {"snr_db", decibels(distance.snr_db)},
                {"psnr_db", decibels(distance.psnr_db)},
                {"noise_rms", distance.noise_rms}});
    return;
  }
  char text[160];
  std::snprintf(text, sizeof text, "SNR %.2f dB, PSNR %.2f dB, noise %.3g of full scale\n",
                distance.snr_db, distance.psnr_db, distance.noise_rms);
  std::cout << text;
}

int roundtrip(const CommandCall& call) {
  CodecRun run(call);
  const bool writes = call.has("output");
  const fs::path file = writes ? file_to_write(call, run.settings(), {}) : fs::path();
  const audio::Encoding encoding = writes ? encoding_of(file) : audio::Encoding{};
  const pipeline::SourceAudio source = read_sound(call.argument(0), run.settings());
  run.open(call);
  const at::Tensor latents = run.sound->encode(source.sound);
  const audio::Waveform sound = run.sound->codec().decode(latents);
  const auto distance = pipeline::distance(sound, source.sound);
  if (!distance) {
    throw Error(ErrorCode::kInternal, "codec roundtrip: the decoded sound is of another kind");
  }
  if (writes) {
    audio::write_audio(file, sound, encoding, {}, util::existing_if(run.settings().force));
  }
  run.progress.done(0);
  show_distance(*distance, latents, run.settings());
  return 0;
}

CommandOption output_option(const std::string& help) {
  return {.name = "output", .value = "FILE", .help = help, .short_name = 'o'};
}

}  // namespace

std::vector<Command> codec_commands() {
  const CommandArgument sound = {"FILE", "a sound file of up to ten minutes"};
  const std::string about =
      "The VAE's latents are 25 frames of 64 numbers a second. Encoding draws from --seed, as "
      "songs "
      "do. Nothing\nbut the VAE has to be installed.";
  return {
      {.name = "codec encode",
       .summary = "the latents of a sound",
       .details = about,
       .arguments = {sound},
       .options = {output_option("the file to write; without one: FILE's name here"),
                   {.name = "latent_format",
                    .value = "FORMAT",
                    .help = "safetensors, or vae: bare float32 numbers as acestep.cpp keeps them",
                    .choices = {"safetensors", "vae"},
                    .fallback = "by the file's ending"}},
       .fields = sound_field_names(),
       .examples = {{"acestep codec encode song.flac --seed 7", "song.latents.safetensors"},
                    {"acestep codec encode song.flac -o song.vae", "for acestep.cpp"}},
       .run = encode},
      {.name = "codec decode",
       .summary = "the sound of latents",
       .details =
           "FILE is a .safetensors file with a tensor \"latents\" [T, 64], or a .vae file of "
           "bare float32\nnumbers. The level stays as it is decoded; 16-bit files are "
           "clipped at full scale.",
       .arguments = {{"FILE", "latents"}},
       .options = {output_option("the file to write, its format by its ending; without one: FILE's "
                                 "name here, as flac")},
       .fields = sound_field_names(),
       .examples = {{"acestep codec decode song.latents.safetensors -o song.wav",
                     "a song's sound"}},
       .run = decode},
      {.name = "codec roundtrip",
       .summary = "what encoding and decoding do to a sound: SNR and PSNR",
       .details = about,
       .arguments = {sound},
       .options = {output_option("write the decoded sound, too")},
       .fields = sound_field_names(),
       .examples = {{"acestep codec roundtrip song.flac --json", "for scripts"}},
       .run = roundtrip},
  };
}

}  // namespace acestep::cli
