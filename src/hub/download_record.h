// The list that a download leaves in a model's folder, for later checks.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace acestep::hub {

inline constexpr char kRecordName[] = ".acestep-download.json";

struct RecordedFile {
  std::string name;
  uint64_t bytes = 0;
  std::string sha256;  // of what was written
};

struct DownloadRecord {
  std::string model;  // empty after a conversion, as is repo
  std::string repo;
  std::string source;  // "huggingface", "modelscope", "converted from NAME"
  std::vector<RecordedFile> files;
};

// Replaces an earlier one. Throws Error kOutput.
void write_record(const std::filesystem::path& folder, const DownloadRecord& record);

// Without files where there is none. Throws Error kModel when it is damaged.
DownloadRecord read_record(const std::filesystem::path& folder);

}  // namespace acestep::hub
