// Downloads models: asks a hub what they consist of, fetches what is missing, checks every byte.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "hub/listing.h"
#include "hub/transfer.h"

namespace acestep::hub {

struct PlannedFile {
  RemoteFile remote;
  std::filesystem::path target;
  bool is_present = false;  // with the right content
  uint64_t part_bytes = 0;  // of it in an unfinished file

  uint64_t missing_bytes() const { return is_present ? 0 : remote.bytes - part_bytes; }
};

enum class Present { kKeep, kFetchAgain };

struct DownloadPlan {
  const KnownModel* model = nullptr;
  Present present = Present::kKeep;  // what to do with files that are right
  Listing listing;
  std::filesystem::path folder;
  std::vector<PlannedFile> files;  // config.json last: with it the model counts as present

  uint64_t all_bytes() const;
  uint64_t missing_bytes() const;
};

struct PlanTarget {
  std::filesystem::path checkpoint_dir;  // the model's folder lies below
  Present present = Present::kKeep;
};

// Looks at what is there: files of the right size are read for their digest. Throws the stop's
// Error.
DownloadPlan make_plan(const KnownModel& model, Listing listing, const PlanTarget& target,
                       const TransferTools& tools);

using FreeBytes = std::function<uint64_t(const std::filesystem::path&)>;
// Of the disk that holds the path, or will.
uint64_t free_bytes_of_disk(const std::filesystem::path& path);

// Throws Error kOutput naming the bytes needed and free when the plans' missing bytes do not fit.
void require_space(const std::vector<DownloadPlan>& plans,
                   const std::filesystem::path& checkpoint_dir, const FreeBytes& free_bytes);

// Fetches what the plan misses. A file gets its name only after its content was found to have the
// digest the hub lists (its size, where the hub lists no digest). Ends with the record of
// download_record.h. Any number of processes may do the same at once. Throws as transfer() does,
// and Error kModel when a digest is wrong.
void download(const DownloadPlan& plan, const TransferTools& tools);

}  // namespace acestep::hub
