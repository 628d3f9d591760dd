// Carries out the jobs of a batch, one after another, and tells of each.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>

#include "batch/ledger.h"
#include "cli/batch_jobs.h"
#include "pipeline/session.h"
#include "util/stop_token.h"

namespace acestep::cli {

struct BatchOptions {
  std::filesystem::path folder;  // of the ledger
  bool resumes = false;          // passes over what the ledger has as done
  bool as_json = false;
  request::TerminalSettings terminal = {};
  device::CudaBackend cuda = {};
};

struct BatchCounts {
  int64_t written = 0;    // songs
  int64_t found = 0;      // songs that were there already
  int64_t failed = 0;     // requests
  int64_t elsewhere = 0;  // requests that another process works on
};

class BatchRun final {
 public:
  // out: one line per song, and one per failed request with as_json. All references must outlive
  // the object.
  BatchRun(BatchOptions options, std::ostream& out, util::StopToken& stop);

  // False when the job failed. Throws Error kInterrupted or kTerminated when asked to stop; the
  // request then counts as begun. Other errors are the job's own, told and counted.
  bool run(const BatchJob& job);

  const BatchCounts& counts() const { return counts_; }

 private:
  void make(const BatchJob& job);
  void tell_songs(const BatchJob& job, const nlohmann::json& songs, bool is_new);
  void tell_failure(const BatchJob& job, const std::string& message, const std::string& hint,
                    int exit_code);

  BatchOptions options_;
  std::ostream& out_;
  util::StopToken& stop_;
  batch::Ledger ledger_;
  std::unique_ptr<pipeline::Session> session_;
  BatchCounts counts_;
};

}  // namespace acestep::cli
