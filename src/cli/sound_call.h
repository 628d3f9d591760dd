// What the commands share that turn sound into latents or codes and back: codec, codes, understand.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/prepare.h"
#include "cli/progress.h"
#include "pipeline/sound_codec.h"
#include "pipeline/source_audio.h"
#include "util/atomic_file.h"
#include "util/stop_token.h"

namespace acestep::cli {

// Fields of machine, models and files.
std::vector<std::string> sound_field_names();

// Settings of such a command and the plan for them, checked; the log is started. No language model
// is planned. Throws Error kUsage.
Prepared prepare_sound(const CommandCall& call);

// The seed that latents are sampled with: the one given, or drawn at random.
uint64_t sound_seed(const request::Settings& settings);

// Models, progress and the wish to stop of one such command.
class SoundCall final {
 public:
  // All references must outlive the object.
  SoundCall(const Prepared& prepared, pipeline::Components& components, Progress& progress,
            util::StopToken& stop);
  SoundCall(const SoundCall&) = delete;
  SoundCall& operator=(const SoundCall&) = delete;

  const pipeline::SoundCodec& codec() const { return codec_; }
  // Latents [T, 64] sampled with the command's seed.
  at::Tensor encode(const audio::Waveform& sound) const;

 private:
  uint64_t seed_;
  pipeline::EngineOptions options_;
  song::StageContext context_;
  pipeline::SoundCodec codec_;
};

// The sound that a command works on. Throws Error kInput naming the file.
pipeline::SourceAudio read_sound(const std::string& file, const request::Settings& settings);

// Codes of silence describe nothing: throws Error kInput naming the file.
void require_audible(const pipeline::SourceAudio& source, const std::string& file);

// Which file to write: --output, or `otherwise`. Throws Error kOutput at once where it exists and
// must stay, or its folder is not there.
std::filesystem::path file_to_write(const CommandCall& call, const request::Settings& settings,
                                    const std::filesystem::path& otherwise);

}  // namespace acestep::cli
