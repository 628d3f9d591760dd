#include "cli/batch_run.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <iostream>
#include <set>
#include <utility>

#include "cli/engine_call.h"
#include "cli/log.h"
#include "cli/progress.h"
#include "util/error.h"
#include "util/stopwatch.h"

namespace acestep::cli {
namespace {

using nlohmann::json;

// Where the songs go, decided under the ledger's lock; a path that an earlier song of the same
// request has is taken too.
batch::Begun begin_plan(const pipeline::SongPlan& plan, const pipeline::OutputOptions& output,
                        const std::set<std::string>& taken_before) {
  pipeline::require_writable(output, plan.names);
  std::set<std::string> taken = taken_before;
  batch::Begun begun{plan.request.seeds, {}};
  for (const pipeline::NameFacts& name : plan.names) {
    begun.paths.push_back(pipeline::choose_path(output, name, taken).string());
    taken.insert(begun.paths.back());
  }
  return begun;
}

bool are_all_there(const json& songs) {
  std::error_code error;
  for (const json& song : songs) {
    if (!std::filesystem::exists(song.value("path", ""), error)) return false;
  }
  return true;
}

}  // namespace

BatchRun::BatchRun(BatchOptions options, std::ostream& out, util::StopToken& stop)
    : options_(std::move(options)),
      out_(out),
      stop_(stop),
      ledger_(options_.folder, options_.resumes ? batch::History::kUse : batch::History::kIgnore) {}

bool BatchRun::run(const BatchJob& job) {
  if (!job.prepared) {
    tell_failure(job, job.problem, job.hint, job.exit_code);
    return false;
  }
  stop_.throw_if_stopped();
  const auto claim = batch::JobClaim::take(options_.folder, job.id);
  if (!claim) {
    ++counts_.elsewhere;
    spdlog::info("{}: another process works on it", job.place);
    return true;
  }
  ledger_.refresh();
  const auto done = ledger_.done(job.id);
  if (done && are_all_there(done->songs)) {
    tell_songs(job, done->songs, /*is_new=*/false);
    return true;
  }
  try {
    make(job);
    return true;
  } catch (const Error& error) {
    const bool is_stop =
        error.code() == ErrorCode::kInterrupted || error.code() == ErrorCode::kTerminated;
    if (is_stop) throw;
    ledger_.append({{"event", "failed"},
                    {"job", job.id},
                    {"request", job.place},
                    {"error", error.message()},
                    {"exit_code", error.exit_code()}});
    tell_failure(job, error.message(), error.hint(), error.exit_code());
    return false;
  }
}

void BatchRun::make(const BatchJob& job) {
  const util::Stopwatch watch;
  const Prepared& prepared = *job.prepared;
  log_findings(prepared.findings);
  pipeline::OutputOptions output = output_options(prepared.settings());
  pipeline::SongPlan plan = plan_songs(prepared);
  const batch::Begun begun =
      ledger_.begin(job.id, [&] { return begin_plan(plan, output, ledger_.taken_paths()); });
  // Begun before and never finished: the same seeds and names once more.
  if (begun.seeds != plan.request.seeds) {
    Prepared again = prepared;
    again.gathered.settings.seeds = begun.seeds;
    plan = plan_songs(again);
  }
  output.paths.assign(begun.paths.begin(), begun.paths.end());
  Progress progress(progress_style(options_.terminal, isatty(STDERR_FILENO) == 1), std::cerr);
  const json result =
      make_songs({prepared, std::move(plan), std::move(output)},
                 suitable_session(session_, prepared, options_.cuda), progress, stop_);
  const json& songs = result.at("audios");
  ledger_.append({{"event", "done"},
                  {"job", job.id},
                  {"request", job.place},
                  {"songs", songs},
                  {"seconds", watch.seconds()},
                  {"adjustments", result.at("extra_outputs").at("adjustments")}});
  tell_songs(job, songs, /*is_new=*/true);
}

void BatchRun::tell_songs(const BatchJob& job, const json& songs, bool is_new) {
  for (size_t i = 0; i < songs.size(); ++i) {
    ++(is_new ? counts_.written : counts_.found);
    if (!options_.as_json) {
      out_ << songs[i].value("path", "") << '\n';
      continue;
    }
    json line = {{"success", true}, {"exit_code", 0}, {"request", job.place},
                 {"job", job.id},   {"song", i + 1},  {"already_there", !is_new}};
    line.update(songs[i]);
    out_ << line.dump(-1, ' ', false, json::error_handler_t::replace) << '\n';
  }
  out_.flush();
}

void BatchRun::tell_failure(const BatchJob& job, const std::string& message,
                            const std::string& hint, int exit_code) {
  ++counts_.failed;
  spdlog::error("{}: {}{}{}", job.place, message, hint.empty() ? "" : "\n", hint);
  if (!options_.as_json) return;
  const json line = {{"success", false},
                     {"exit_code", exit_code},
                     {"request", job.place},
                     {"job", job.id.empty() ? json(nullptr) : json(job.id)},
                     {"error", hint.empty() ? message : message + "\n" + hint}};
  out_ << line.dump(-1, ' ', false, json::error_handler_t::replace) << '\n';
  out_.flush();
}

}  // namespace acestep::cli
