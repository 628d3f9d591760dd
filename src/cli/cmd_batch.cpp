#include <spdlog/spdlog.h>

#include <algorithm>
#include <iostream>

#include "batch/shard.h"
#include "cli/batch_run.h"
#include "cli/commands.h"
#include "cli/dry_run.h"
#include "cli/log.h"
#include "cli/signals.h"
#include "request/request_fields.h"
#include "request/text.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

constexpr int kAllWritten = 0;

// Models stay loaded between the requests of a batch unless somebody says otherwise.
void keep_models(GivenSettings& given) {
  const request::Layer layer = {{"keep_loaded", {true, "batch"}}};
  given.files.insert(given.files.begin(), layer);
}

batch::Shard shard_of(const CommandCall& call) {
  const batch::Shard shard =
      batch::parse_shard(call.text("shard", "1/1"), call.surroundings().environment);
  if (!shard.found_by.empty() && shard.count > 1) {
    spdlog::info("shard {} of {} ({})", shard.number, shard.count, shard.found_by);
  }
  return shard;
}

bool reads_a_stream(const CommandCall& call) {
  const auto& files = call.arguments();
  return std::find(files.begin(), files.end(), "-") != files.end();
}

// The jobs of this shard; the identity of a job needs the whole list.
std::vector<BatchJob> read_jobs(const CommandCall& call, const GivenSettings& given,
                                const batch::Shard& shard) {
  batch::RequestList list(call.arguments());
  JobMaker maker(given);
  std::vector<BatchJob> jobs;
  while (const auto request = list.next()) {
    BatchJob job = maker.make(*request);
    if (shard.has(job.position)) jobs.push_back(std::move(job));
  }
  if (call.text("jobs_order", "model") == "model") sort_by_machine(jobs);
  return jobs;
}

// Nothing starts while a request of the list is wrong.
void require_all_fit(const std::vector<BatchJob>& jobs) {
  constexpr int kShown = 10;
  std::string list;
  int count = 0;
  for (const BatchJob& job : jobs) {
    if (job.prepared) continue;
    if (++count <= kShown) list += "\n" + job.place + ": " + job.problem;
  }
  if (count == 0) return;
  if (count > kShown) list += "\n(" + std::to_string(count - kShown) + " more)";
  throw Error(ErrorCode::kUsage, std::to_string(count) + " requests are wrong:" + list,
              "mend them, or pass --keep_going to make the others");
}

int show_plans(const std::vector<BatchJob>& jobs, bool as_json) {
  for (const BatchJob& job : jobs) {
    if (!job.prepared) {
      std::cout << (as_json ? nlohmann::json{{"request", job.place}, {"error", job.problem}}.dump()
                            : job.place + ": " + job.problem)
                << '\n';
    } else if (as_json) {
      nlohmann::json plan = dry_run_json(*job.prepared);
      plan["job"] = job.id;
      plan["place"] = job.place;
      std::cout << plan.dump() << '\n';
    } else {
      const request::Settings& settings = job.prepared->settings();
      std::cout << job.place << ": " << settings.batch_size << " of "
                << request::in_quotes(settings.caption) << " with " << settings.config_path << '\n';
    }
  }
  return kAllWritten;
}

void log_counts(const BatchCounts& counts) {
  spdlog::info("songs: {} written, {} already there; requests: {} failed, {} in other hands",
               counts.written, counts.found, counts.failed, counts.elsewhere);
}

int exit_code_of(const BatchCounts& counts) {
  return counts.failed > 0 ? static_cast<int>(ErrorCode::kSomeFailed) : kAllWritten;
}

// Every job, or all until the first failure.
int run_jobs(BatchRun& run, const std::function<std::optional<BatchJob>()>& next,
             bool keeps_going) {
  try {
    while (const auto job = next()) {
      if (!run.run(*job) && !keeps_going) {
        spdlog::error("stopped at the first failure; --keep_going goes on");
        break;
      }
    }
  } catch (const Error& error) {
    const bool is_terminated = error.code() == ErrorCode::kTerminated;
    if (!is_terminated && error.code() != ErrorCode::kInterrupted) throw;
    spdlog::error("stopped; the same command with --resume goes on");
    log_counts(run.counts());
    return is_terminated ? static_cast<int>(ErrorCode::kResumable) : error.exit_code();
  }
  log_counts(run.counts());
  return exit_code_of(run.counts());
}

int run_list(const CommandCall& call, BatchRun& run, std::vector<BatchJob> jobs) {
  size_t position = 0;
  const auto next = [&]() -> std::optional<BatchJob> {
    if (position == jobs.size()) return std::nullopt;
    return std::move(jobs[position++]);
  };
  return run_jobs(run, next, call.is_on("keep_going"));
}

// Lines are taken as they come, so that whoever writes them can wait for each result.
int run_stream(const CommandCall& call, BatchRun& run, const GivenSettings& given,
               const batch::Shard& shard, const util::StopToken& stop) {
  batch::RequestList list(call.arguments(), [&stop] { stop.throw_if_stopped(); });
  JobMaker maker(given);
  const auto next = [&]() -> std::optional<BatchJob> {
    while (const auto request = list.next()) {
      BatchJob job = maker.make(*request);
      if (shard.has(job.position)) return job;
    }
    return std::nullopt;
  };
  return run_jobs(run, next, call.is_on("keep_going"));
}

int run(const CommandCall& call) {
  GivenSettings given = read_given_settings(call);
  keep_models(given);
  const request::Settings common = resolve(given).settings();
  start_log(common);
  const batch::Shard shard = shard_of(call);
  const bool is_stream = reads_a_stream(call);
  std::vector<BatchJob> jobs;
  if (!is_stream) jobs = read_jobs(call, given, shard);
  if (common.dry_run) return show_plans(jobs, common.json);
  if (!call.is_on("keep_going")) require_all_fit(jobs);

  util::StopToken stop;
  const SignalGuard guard(stop);
  BatchRun batch({.folder = common.save_dir,
                  .resumes = call.is_on("resume"),
                  .as_json = common.json,
                  .terminal = common,
                  .cuda = call.surroundings().cuda},
                 std::cout, stop);
  return is_stream ? run_stream(call, batch, given, shard, stop)
                   : run_list(call, batch, std::move(jobs));
}

constexpr char kDetails[] =
    "A .jsonl file holds one request a line, a .json file one request or a list of them, a .toml\n"
    "file one; - reads lines from standard input and answers each as it comes. Options hold for\n"
    "every request and win over what it says itself. The models stay loaded.\n\n"
    "SAVE_DIR/batch.ledger.jsonl tells what was begun, done and failed. After a crash or a stop "
    "the\n"
    "same command with --resume makes what is missing: every song is there exactly once.\n"
    "docs/BATCH.md shows shards, GNU parallel, Slurm and Kubernetes.";

}  // namespace

Command batch_command() {
  return {.name = "batch",
          .summary = "many songs from one list of requests",
          .details = kDetails,
          .arguments = {{.name = "FILE",
                         .help = "a list of requests, or - for standard input",
                         .repeats = true}},
          .options = {{.name = "resume",
                       .help = "pass over what the ledger has as done; finish what was begun"},
                      {.name = "keep_going", .help = "go on after a failed request"},
                      {.name = "shard",
                       .value = "K/N",
                       .help = "only every N-th request, from the K-th on; auto asks the scheduler",
                       .fallback = "1/1"},
                      {.name = "jobs_order",
                       .value = "NAME",
                       .help = "model: requests for the same models together; given: as listed",
                       .choices = {"model", "given"},
                       .fallback = "model"}},
          .takes_request = true,
          .examples = {{"acestep batch songs.jsonl --save_dir out --resume", "all songs of a list"},
                       {"acestep batch songs.jsonl --save_dir out --shard 2/4",
                        "a quarter of it, on the second of four machines"},
                       {"make-requests | acestep batch - --json --keep_going",
                        "requests as they come, one result a line"}},
          .run = run};
}

}  // namespace acestep::cli
