// What the commands share that ask the language model for words: understand, create-sample and
// format-sample.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/prepare.h"
#include "cli/progress.h"
#include "pipeline/language_services.h"
#include "pipeline/opened_models.h"
#include "text/compat.h"
#include "util/stop_token.h"

namespace acestep::cli {

// Fields of machine, models and sampling, and `more`.
std::vector<std::string> service_field_names(const std::vector<std::string>& more);
// --request_out
CommandOption request_out_option();

// Settings of such a command and the plan for its language model, checked; the log is started.
// `layer`: what the command itself says, above the user's options. Throws Error kUsage, also where
// no language model is to be used.
Prepared prepare_service(const CommandCall& call, request::Layer layer);
Prepared prepare_service(GivenSettings given, const std::string& command, request::Layer layer);

text::Compat compat_of(const request::Settings& settings);

// The seed that the model draws from: lm_seed, or the song's, or one drawn at random.
uint64_t service_seed(const request::Settings& settings);

// Asks the model. models: opened with machine_options() of the same settings. Ends with the
// settings' time limit.
pipeline::ServiceAnswer ask_language_model(const Prepared& prepared,
                                           const pipeline::ServiceTask& task, uint64_t seed,
                                           pipeline::OpenedModels& models, song::Observer& observer,
                                           util::StopToken& stop);

// What is asked, once the models that `needs` names are there.
struct ServiceRun {
  pipeline::ModelNeeds needs = {.dit = false, .text_encoder = false, .vae = false};
  std::function<pipeline::ServiceTask(pipeline::OpenedModels&, Progress&, util::StopToken&)> task;
};

// Opens the models, asks, prints the answer and writes --request_out. Returns the exit code.
int run_service(const CommandCall& call, const Prepared& prepared, const ServiceRun& run);
int run_service(const CommandCall& call, const Prepared& prepared,
                const pipeline::ServiceTask& task);

// The same for what `layer` asks of the language model before it composes (pipeline/words.h).
int run_words(const CommandCall& call, request::Layer layer);

// The answer as text for people, or as the object that a request file holds.
void show_description(const pipeline::SongDescription& song, const request::Settings& settings);

}  // namespace acestep::cli
