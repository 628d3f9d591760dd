#include "batch/ledger.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>
#include <utility>

#include "util/error.h"

namespace acestep::batch {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr char kFileName[] = "batch.ledger.jsonl";

[[noreturn]] void fail(const fs::path& file, const char* what) {
  throw Error(ErrorCode::kOutput, file.string() + ": " + what + ": " + std::strerror(errno));
}

void require_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error) return;
  throw Error(ErrorCode::kOutput, "cannot create " + folder.string() + ": " + error.message(),
              "choose another folder with --save_dir");
}

void write_all(int descriptor, const std::string& text, const fs::path& file) {
  size_t written = 0;
  while (written < text.size()) {
    const ssize_t count = ::write(descriptor, text.data() + written, text.size() - written);
    if (count < 0 && errno != EINTR) fail(file, "cannot be written");
    if (count > 0) written += static_cast<size_t>(count);
  }
}

}  // namespace

class Ledger::Lock final {
 public:
  explicit Lock(const fs::path& file)
      : file_(file),
        descriptor_(::open(file.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666)) {
    if (descriptor_ < 0) fail(file_, "cannot be opened");
    while (::flock(descriptor_, LOCK_EX) != 0) {
      if (errno != EINTR) break;  // file systems without locks do without
    }
  }
  ~Lock() { ::close(descriptor_); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

  void append(const json& event) {
    std::string line = event.dump(-1, ' ', /*ensure_ascii=*/false, json::error_handler_t::replace);
    line += '\n';
    if (!ends_with_newline()) line.insert(line.begin(), '\n');
    write_all(descriptor_, line, file_);
    if (::fsync(descriptor_) != 0) fail(file_, "cannot be flushed");
  }

 private:
  // A killed process may have left half a line.
  bool ends_with_newline() const {
    const off_t end = ::lseek(descriptor_, 0, SEEK_END);
    char last = '\n';
    return end <= 0 || ::pread(descriptor_, &last, 1, end - 1) != 1 || last == '\n';
  }

  fs::path file_;
  int descriptor_;
};

Ledger::Ledger(fs::path folder, History history) : file_(std::move(folder)) {
  require_folder(file_);
  file_ /= kFileName;
  const Lock lock(file_);
  if (history == History::kIgnore) read_bytes_ = fs::file_size(file_);
}

void Ledger::refresh() {
  std::ifstream stream(file_, std::ios::binary);
  stream.seekg(static_cast<std::streamoff>(read_bytes_));
  std::string line;
  while (std::getline(stream, line) && !stream.eof()) {
    read_bytes_ += line.size() + 1;
    // Half a line is what a killed process leaves; its event did not happen. Neither did what
    // another hand wrote.
    try {
      take(json::parse(line));
    } catch (const json::exception&) {
    }
  }
}

// Throws json::exception when it is no event of ours.
void Ledger::take(const json& event) {
  const std::string job = event.at("job");
  const std::string kind = event.at("event");
  if (kind == "begin") {
    Begun begun{event.at("seeds"), event.at("paths")};
    if (begun.seeds.size() != begun.paths.size()) return;
    taken_paths_.insert(begun.paths.begin(), begun.paths.end());
    done_.erase(job);  // it is being made again
    begun_[job] = std::move(begun);
  } else if (kind == "done") {
    const auto songs = event.at("songs").get<std::vector<json>>();
    for (const json& song : songs) static_cast<void>(song.at("path").get<std::string>());
    done_[job] = {songs};
  }
}

std::optional<Begun> Ledger::begun(const std::string& job) const {
  const auto found = begun_.find(job);
  return found == begun_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<Done> Ledger::done(const std::string& job) const {
  const auto found = done_.find(job);
  return found == done_.end() ? std::nullopt : std::optional(found->second);
}

void Ledger::append(const json& event) { Lock(file_).append(event); }

Begun Ledger::begin(const std::string& job, const std::function<Begun()>& plan) {
  Lock lock(file_);
  refresh();
  if (auto before = begun(job)) return *before;
  Begun begun = plan();
  lock.append({{"event", "begin"}, {"job", job}, {"seeds", begun.seeds}, {"paths", begun.paths}});
  refresh();
  return begun;
}

std::optional<JobClaim> JobClaim::take(const fs::path& folder, const std::string& job) {
  constexpr size_t kNameDigits = 16;
  const fs::path file = folder / (".batch-" + job.substr(0, kNameDigits) + ".lock");
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor < 0) fail(file, "cannot be opened");
  JobClaim claim(file, descriptor);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    claim.file_.clear();  // not ours to remove
    return std::nullopt;
  }
  // The one before may have removed the file between our opening and our lock.
  struct stat status = {};
  if (::fstat(descriptor, &status) == 0 && status.st_nlink == 0) return take(folder, job);
  return claim;
}

JobClaim::JobClaim(JobClaim&& other) noexcept
    : file_(std::exchange(other.file_, {})), descriptor_(std::exchange(other.descriptor_, -1)) {}

JobClaim::~JobClaim() {
  std::error_code ignored;
  if (!file_.empty()) fs::remove(file_, ignored);
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace acestep::batch
