#include "hub/download.h"

#include <algorithm>
#include <numeric>

#include "hub/digest.h"
#include "hub/download_record.h"
#include "hub/size_text.h"
#include "util/atomic_file.h"
#include "util/error.h"

namespace acestep::hub {
namespace {

namespace fs = std::filesystem;

// What the disk needs besides the files: folder entries, the record, some air.
constexpr uint64_t kSpareBytes = 64 << 20;

const std::string& digest_of(const RemoteFile& file) {
  return file.sha256.empty() ? file.git_blob : file.sha256;
}

bool has_content(const fs::path& path, const RemoteFile& file, const util::StopToken& stop) {
  if (!file.sha256.empty()) return file_sha256(path, stop) == file.sha256;
  return file.git_blob.empty() || file_git_blob(path) == file.git_blob;
}

bool is_there(const fs::path& path, const RemoteFile& file, const TransferTools& tools) {
  std::error_code error;
  if (!fs::is_regular_file(path, error) || fs::file_size(path, error) != file.bytes) return false;
  tools.observer.file_is_checked(file.name);
  return has_content(path, file, tools.stop);
}

uint64_t part_bytes_of(const fs::path& target, const RemoteFile& file) {
  if (digest_of(file).empty()) return 0;
  std::error_code error;
  const uint64_t bytes = fs::file_size(PartFile::path_for(target, digest_of(file)), error);
  return error ? 0 : std::min(bytes, file.bytes);
}

void fetch(const PlannedFile& planned, const DownloadPlan& plan, const TransferTools& tools) {
  const RemoteFile& file = planned.remote;
  PartFile part(planned.target, digest_of(file));
  if (part.is_private() && !digest_of(file).empty()) {
    tools.observer.note(file.name + ": another download is at it; fetching into a file of our own");
  }
  if (part.bytes() > file.bytes) part.shorten(0);
  bool is_resumed = part.bytes() > 0;
  tools.observer.file_begins(file.name, part.bytes(), file.bytes);
  for (;;) {
    transfer(part, file, plan.listing.source, std::string(plan.model->repo), tools);
    tools.observer.file_is_checked(file.name);
    if (has_content(part.path(), file, tools.stop)) break;
    if (!is_resumed) {
      part.discard();
      throw Error(ErrorCode::kModel,
                  file.name + ": the content does not have the digest that the hub lists",
                  "What came was thrown away. Run again, or choose another hub with --source.");
    }
    tools.observer.note(file.name + ": what earlier runs left is damaged; beginning again");
    part.shorten(0);
    is_resumed = false;
  }
  part.commit();
  tools.observer.file_is_done(file.name, file.bytes);
}

// Another process may have finished it since the plan was made.
bool appeared_meanwhile(const PlannedFile& planned, const DownloadPlan& plan,
                        const TransferTools& tools) {
  return plan.present == Present::kKeep && is_there(planned.target, planned.remote, tools);
}

void write_record_of(const DownloadPlan& plan, const util::StopToken& stop) {
  DownloadRecord record{std::string(plan.model->name),
                        std::string(plan.model->repo),
                        std::string(source_name(plan.listing.source)),
                        {}};
  for (const PlannedFile& file : plan.files) {
    const std::string& known = file.remote.sha256;
    record.files.push_back({file.remote.name, file.remote.bytes,
                            known.empty() ? file_sha256(file.target, stop) : known});
  }
  write_record(plan.folder, record);
}

fs::path existing_parent(fs::path path) {
  std::error_code error;
  path = fs::absolute(path, error);
  while (!fs::exists(path, error) && path.has_parent_path() && path != path.root_path()) {
    path = path.parent_path();
  }
  return path;
}

}  // namespace

uint64_t DownloadPlan::all_bytes() const {
  return std::accumulate(
      files.begin(), files.end(), uint64_t{0},
      [](uint64_t sum, const PlannedFile& file) { return sum + file.remote.bytes; });
}

uint64_t DownloadPlan::missing_bytes() const {
  return std::accumulate(
      files.begin(), files.end(), uint64_t{0},
      [](uint64_t sum, const PlannedFile& file) { return sum + file.missing_bytes(); });
}

DownloadPlan make_plan(const KnownModel& model, Listing listing, const PlanTarget& target,
                       const TransferTools& tools) {
  DownloadPlan plan{
      &model, target.present, std::move(listing), target.checkpoint_dir / model.name, {}};
  for (const RemoteFile& file : plan.listing.files) {
    PlannedFile planned{file, plan.folder / file.name, false, 0};
    planned.is_present = target.present == Present::kKeep && is_there(planned.target, file, tools);
    if (!planned.is_present) planned.part_bytes = part_bytes_of(planned.target, file);
    plan.files.push_back(std::move(planned));
  }
  std::stable_partition(plan.files.begin(), plan.files.end(),
                        [](const PlannedFile& file) { return file.remote.name != "config.json"; });
  return plan;
}

uint64_t free_bytes_of_disk(const fs::path& path) {
  std::error_code error;
  const fs::space_info space = fs::space(existing_parent(path), error);
  if (error) {
    throw Error(ErrorCode::kOutput,
                path.string() + ": cannot tell its free space: " + error.message());
  }
  return space.available;
}

void require_space(const std::vector<DownloadPlan>& plans, const fs::path& checkpoint_dir,
                   const FreeBytes& free_bytes) {
  uint64_t missing = 0;
  for (const DownloadPlan& plan : plans) missing += plan.missing_bytes();
  if (missing == 0) return;
  const uint64_t needed = missing + kSpareBytes;
  const uint64_t free = free_bytes(checkpoint_dir);
  if (free >= needed) return;
  throw Error(ErrorCode::kOutput,
              checkpoint_dir.string() + ": needs " + size_text(needed) + " of free disk, " +
                  size_text(free) + " are free (" + std::to_string(needed) + " and " +
                  std::to_string(free) + " bytes)",
              "Free some space, or choose a folder on another disk with --checkpoint_dir.");
}

void download(const DownloadPlan& plan, const TransferTools& tools) {
  std::error_code error;
  fs::create_directories(plan.folder, error);
  if (error) {
    throw Error(ErrorCode::kOutput,
                plan.folder.string() + ": cannot be created: " + error.message(),
                "Choose a folder that you may write to, with --checkpoint_dir.");
  }
  util::remove_abandoned_parts(plan.folder);
  for (const PlannedFile& planned : plan.files) {
    if (planned.is_present || appeared_meanwhile(planned, plan, tools)) continue;
    fetch(planned, plan, tools);
  }
  write_record_of(plan, tools.stop);
}

}  // namespace acestep::hub
