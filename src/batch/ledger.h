// What a batch has done so far: one line per event in a file that any number of processes append to
// and that survives being killed at any moment.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace acestep::batch {

// A request that was begun: enough to make the same files again after a crash.
struct Begun {
  std::vector<int64_t> seeds;      // one per song
  std::vector<std::string> paths;  // one per song
};

struct Done {
  nlohmann::json songs;  // what the result told about each
};

enum class History {
  kUse,     // what earlier runs did counts
  kIgnore,  // only what happens from now on
};

// The file is FOLDER/batch.ledger.jsonl. Lines: {"event": "begin" | "done" | "failed", "job", …}.
// A last line without an end, left by a killed process, is passed over.
class Ledger final {
 public:
  // Creates folder and file where they are missing. Throws Error kOutput.
  Ledger(std::filesystem::path folder, History history);

  // While it lives, no other process reads or appends.
  class Lock;

  // Reads what other processes appended meanwhile. Throws Error kInput for lines that are no JSON.
  void refresh();

  std::optional<Begun> begun(const std::string& job) const;
  std::optional<Done> done(const std::string& job) const;
  // Paths that begun jobs have taken, existing or not.
  const std::set<std::string>& taken_paths() const { return taken_paths_; }

  // One event, whole on the disk when it returns. Throws Error kOutput.
  void append(const nlohmann::json& event);

  // refresh(), then appends the begin event of what `plan` returns, under one lock: no two jobs
  // plan the same path. A job that was begun before keeps its plan.
  Begun begin(const std::string& job, const std::function<Begun()>& plan);

  const std::filesystem::path& file() const { return file_; }

 private:
  void take(const nlohmann::json& event);

  std::filesystem::path file_;
  uint64_t read_bytes_ = 0;
  std::map<std::string, Begun> begun_;
  std::map<std::string, Done> done_;
  std::set<std::string> taken_paths_;
};

// The right to work on one job; other processes see it taken until this object or process ends.
class JobClaim final {
 public:
  // Absent: another process works on it. Throws Error kOutput when the folder takes no files.
  static std::optional<JobClaim> take(const std::filesystem::path& folder, const std::string& job);
  ~JobClaim();
  JobClaim(JobClaim&& other) noexcept;
  JobClaim& operator=(JobClaim&&) = delete;

 private:
  JobClaim(std::filesystem::path file, int descriptor)
      : file_(std::move(file)), descriptor_(descriptor) {}

  std::filesystem::path file_;
  int descriptor_ = -1;
};

}  // namespace acestep::batch
