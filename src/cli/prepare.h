// From arguments, environment and files to one checked request: everything before models are
// touched.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/adapter_choice.h"
#include "cli/given_settings.h"
#include "pipeline/model_folders.h"
#include "pipeline/review.h"
#include "pipeline/run_options.h"
#include "pipeline/task_source.h"
#include "plan/fit_memory.h"
#include "plan/plan.h"
#include "request/findings.h"
#include "request/layer.h"
#include "request/presets.h"
#include "util/argument_vector.h"
#include "util/error.h"

namespace acestep::cli {

struct Prepared {
  request::Gathered gathered;
  request::Findings findings;
  pipeline::ModelFolders models;
  std::vector<adapters::AdapterChoice> adapters;  // of the DiT; known to fit it after prepare()
  plan::Plan plan;                                // its findings are among those above
  // What the song takes of the device; absent where models are missing, and before prepare().
  std::optional<plan::MemoryPlan> memory;
  // In a dry run alone, which tells it: the device has no room for the song.
  std::optional<Error> refusal;
  // What the task works on and what the song is to sound like, opened once for whoever makes the
  // song; null: nothing, or given up.
  std::shared_ptr<const pipeline::TaskSource> opened_source;
  std::shared_ptr<const pipeline::ReferenceAudio> opened_reference;
  pipeline::SourceDigests digests;              // of their files
  std::optional<pipeline::SourceFacts> source;  // what is known of the one it works on
  std::optional<int64_t> encode_window_frames;  // that the reference encodes it in
  int64_t source_samples = 0;                   // the same with what it is extended by
  std::string checkpoint_dir;
  request::ModelFamily family = request::ModelFamily::kTurbo;

  const request::Settings& settings() const { return gathered.settings; }
};

// Precedence, highest first: options, environment, `request` (one of a batch), --config files
// (later ones first), the user's config.toml, the model family's preset, built-in defaults. Throws
// Error kUsage with all problems, Error kInput for adapters, Error kMemory for a song that the
// device has no room for (unless it is a dry run, or the language model alone is asked: lm_only).
Prepared prepare(GivenSettings given, const std::optional<request::Document>& request = {});

// The same without the last step, the checks: values that make no sense together stay unnoticed.
Prepared resolve(GivenSettings given, const std::optional<request::Document>& request = {});

// resolve() for a command that makes no song: `check` stands for a song's checks. Starts the log
// and tells what was found. Throws Error kUsage with all problems.
Prepared prepare_without_song(GivenSettings given, const std::function<void(Prepared&)>& check);

// The model folders that the settings name, there or not.
pipeline::ModelFolders models_named_by(const request::Settings& settings);

// With strict: every adjustment becomes a problem.
void judge_adjustments(request::Findings& findings, const request::Settings& settings);

// The folder that checkpoint_dir and project_root name, or "tiny" as it is.
std::string checkpoint_folder(const request::Settings& settings);

// What is to be found out about the songs besides their sound.
pipeline::ReviewOptions review_options(const request::Settings& settings);

// What reads sound files of other kinds; empty: nothing. Throws Error kUsage for no argument
// vector.
util::ArgumentVector decoder_of(const request::Settings& settings);

// The process's own variables.
request::Environment process_environment();

}  // namespace acestep::cli
