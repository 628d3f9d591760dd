#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "cli/download_progress.h"
#include "cli/models_commands.h"
#include "cli/models_place.h"
#include "cli/models_wanted.h"
#include "cli/signals.h"
#include "hub/download.h"
#include "hub/size_text.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

using nlohmann::json;
using Plans = std::vector<hub::DownloadPlan>;

// One run of the command: what is wanted, where to, with what.
struct Run {
  const CommandCall& call;
  const std::vector<const hub::KnownModel*>& models;
  const std::filesystem::path& folder;
  const hub::Access& access;
  hub::HttpClient& client;
  DownloadProgress& progress;
  const util::StopToken& stop;
  bool answers_yes;

  hub::TransferTools tools() const { return {client, access, progress, stop}; }
};

Plans make_plans(const Run& run, hub::Source source) {
  Plans plans;
  const hub::PlanTarget target{
      run.folder, run.call.is_on("force") ? hub::Present::kFetchAgain : hub::Present::kKeep};
  for (const hub::KnownModel* model : run.models) {
    hub::Listing listing = hub::ask_listing(run.client, run.access, source, *model, run.stop);
    for (const std::string& warning : listing.warnings) {
      spdlog::warn("{}: {}", model->name, warning);
    }
    if (listing.is_from_catalogue) {
      spdlog::warn("{}: the hub lists no files; fetching those this program knows", model->name);
    }
    plans.push_back(hub::make_plan(*model, std::move(listing), target, run.tools()));
  }
  return plans;
}

// False: the user said no.
bool is_confirmed(const Run& run, const Plans& plans, hub::Source source) {
  uint64_t missing = 0;
  for (const hub::DownloadPlan& plan : plans) missing += plan.missing_bytes();
  if (missing == 0 || run.answers_yes) return true;
  return ask_yes("Fetch " + hub::size_text(missing) + " from " +
                     std::string(hub::source_name(source)) + " into " + run.folder.string() + "?",
                 run.stop)
      .value_or(true);  // nobody to ask: the command was given on purpose
}

struct Outcome {
  Plans plans;
  hub::Source source = hub::Source::kHuggingFace;
  bool is_done = false;
};

Outcome fetch_from(const Run& run, hub::Source source) {
  Outcome outcome{make_plans(run, source), source, false};
  hub::require_space(outcome.plans, run.folder, hub::free_bytes_of_disk);
  if (!is_confirmed(run, outcome.plans, source)) return outcome;
  for (const hub::DownloadPlan& plan : outcome.plans) {
    hub::download(plan, run.tools());
  }
  outcome.is_done = true;
  return outcome;
}

// The hubs in their order: what one cannot deliver the next may. Nothing else is ever connected to.
Outcome fetch(const Run& run) {
  const std::vector<hub::Source>& order = run.access.order;
  std::string failures;
  for (size_t i = 0;; ++i) {
    try {
      return fetch_from(run, order[i]);
    } catch (const Error& error) {
      const bool is_last = i + 1 == order.size();
      if (error.code() != ErrorCode::kModel) throw;
      if (is_last && failures.empty()) throw;
      failures += (failures.empty() ? "" : "; ") + error.message();
      if (is_last) throw Error(ErrorCode::kModel, failures, error.hint());
      run.progress.note(error.message());
      run.progress.note("trying " + std::string(hub::source_name(order[i + 1])));
    }
  }
}

json plan_json(const hub::DownloadPlan& plan) {
  json files = json::array();
  for (const hub::PlannedFile& file : plan.files) {
    files.push_back({{"name", file.remote.name},
                     {"bytes", file.remote.bytes},
                     {"sha256", file.remote.sha256.empty() ? json() : json(file.remote.sha256)},
                     {"was_present", file.is_present}});
  }
  return {{"name", plan.model->name},
          {"path", plan.folder.string()},
          {"bytes", plan.all_bytes()},
          {"files", files},
          {"left_out", plan.listing.left_out}};
}

void print_outcome(const Outcome& outcome, const Run& run, bool as_json) {
  if (!as_json) {
    for (const hub::DownloadPlan& plan : outcome.plans) {
      if (outcome.is_done) std::cout << plan.folder.string() << '\n';
    }
    return;
  }
  json models = json::array();
  for (const hub::DownloadPlan& plan : outcome.plans) models.push_back(plan_json(plan));
  print_json({{"success", outcome.is_done},
              {"checkpoint_dir", run.folder.string()},
              {"source", hub::source_name(outcome.source)},
              {"fetched_bytes", run.progress.fetched_bytes()},
              {"models", models}});
}

int run(const CommandCall& call) {
  const ModelsPlace place = models_place(call);
  const request::Settings& settings = place.settings();
  require_changeable(place);
  const WantedModels wanted = wanted_models(call, place);
  hub::require_online(wanted.access);
  util::StopToken stop;
  const SignalGuard guard(stop);
  hub::HttpClient client({}, wanted.access.certificates);
  DownloadProgress progress(progress_style(settings, isatty(STDERR_FILENO) == 1), std::cerr);
  const Run all{call,   wanted.models, wanted.folder, wanted.access,
                client, progress,      stop,          settings.yes};
  const Outcome outcome = fetch(all);
  print_outcome(outcome, all, settings.json);
  return 0;
}

std::vector<std::string> download_fields() {
  std::vector<std::string> fields = terminal_field_names();
  fields.insert(fields.end(), {"checkpoint_dir", "project_root", "progress", "yes"});
  return fields;
}

}  // namespace

Command models_download_command() {
  std::vector<CommandOption> options = wanted_options();
  options.push_back({.name = "force", .help = "fetch files that are right too", .short_name = 'f'});
  return {.name = "models download",
          .summary = "fetch published models",
          .details =
              "Without names the main set: acestep-v15-turbo, acestep-5Hz-lm-1.7B,\n"
              "Qwen3-Embedding-0.6B and vae, about 10 GB. A part of a name stands for the\n"
              "first model whose name contains it.\n\n"
              "A download that was stopped goes on where it was: run the same command\n"
              "again. A file gets its name only after its whole content was found to have\n"
              "the digest the hub lists. Free disk is checked first.\n\n"
              "HF_TOKEN (sent to the hub's own host only), HF_ENDPOINT, HF_HUB_OFFLINE,\n"
              "https_proxy, no_proxy and SSL_CERT_FILE are honoured; docs/MODELS.md tells\n"
              "more.",
          .arguments = {{"NAME", "models of acestep models list; none: the main set", false, true}},
          .options = options,
          .fields = download_fields(),
          .examples = {{"acestep models download", "all that a song needs"},
                       {"acestep models download xl-turbo lm-4B --dir /data/models",
                        "two more, elsewhere"}},
          .run = run};
}

}  // namespace acestep::cli
