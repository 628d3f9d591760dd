#include "cli/batch_jobs.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "cli/engine_call.h"
#include "cli/every_track.h"
#include "pipeline/record.h"
#include "util/error.h"
#include "util/sha256.h"

namespace acestep::cli {
namespace {

// Others may do better: a song that does not fit, or one that wants another model.
bool is_about_one_request(ErrorCode code) {
  return code == ErrorCode::kUsage || code == ErrorCode::kInput || code == ErrorCode::kModel ||
         code == ErrorCode::kMemory;
}

}  // namespace

BatchJob JobMaker::make(const batch::ListedRequest& request) {
  BatchJob job{.place = request.place, .position = position_++};
  if (!request.document) {
    job.problem = request.problem;
    return job;
  }
  try {
    job.prepared = prepare(given_, request.document);
    if (job.prepared->settings().output == pipeline::kStandardOutput) {
      throw Error(ErrorCode::kUsage, "output = '-': a batch writes files",
                  "leave output out, or name a file");
    }
    const request::Settings& settings = job.prepared->settings();
    if (wants_every_track(settings)) {
      throw Error(ErrorCode::kUsage, "track = 'all': a request of a batch makes one track",
                  "use acestep generate, or name one track in each request");
    }
    if (settings.lm_only || !settings.keep_codes.empty()) {
      throw Error(ErrorCode::kUsage, "lm_only and keep_codes: a batch writes songs",
                  "acestep generate keeps what the language model makes of one request");
    }
    job.id = identity_of(*job.prepared);
    // Those of hundreds of jobs are not kept in memory.
    job.prepared->opened_source.reset();
    job.prepared->opened_reference.reset();
  } catch (const Error& error) {
    if (!is_about_one_request(error.code())) throw;
    job.prepared.reset();
    job.exit_code = error.exit_code();
    job.problem = error.message();
    job.hint = error.hint();
  }
  return job;
}

std::string JobMaker::identity_of(const Prepared& prepared) {
  const request::Settings& settings = prepared.settings();
  nlohmann::json decisive = pipeline::recorded_fields(settings);
  if (settings.keep_best > 0) {
    decisive["keep_best"] = settings.keep_best;
    decisive["by"] = settings.by;
  }
  std::string text = decisive.dump();
  const pipeline::SourceDigests& digests = prepared.digests;
  text += digests.audio_sha256 + digests.latents_sha256 + digests.reference_sha256;
  const int64_t before = seen_[util::sha256_of(text)]++;
  return util::sha256_of(text + "#" + std::to_string(before));
}

void sort_by_machine(std::vector<BatchJob>& jobs) {
  std::vector<pipeline::MachineOptions> machines;
  std::map<int64_t, size_t> machine_of;  // by position
  for (const BatchJob& job : jobs) {
    if (!job.prepared) continue;
    const auto machine = machine_options(*job.prepared);
    const auto found = std::find(machines.begin(), machines.end(), machine);
    machine_of[job.position] = static_cast<size_t>(found - machines.begin());
    if (found == machines.end()) machines.push_back(machine);
  }
  std::stable_sort(jobs.begin(), jobs.end(), [&](const BatchJob& a, const BatchJob& b) {
    return machine_of[a.position] < machine_of[b.position];
  });
}

}  // namespace acestep::cli
