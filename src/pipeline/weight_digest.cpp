#include "pipeline/weight_digest.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

#include "util/error.h"
#include "util/mapped_file.h"
#include "util/sha256.h"

namespace acestep::pipeline {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kHeadBytes = std::size_t{1} << 20;
constexpr std::size_t kSampleBytes = 4096;
constexpr std::size_t kSamples = 32;

std::vector<fs::path> weight_files(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const fs::path ending = entry.path().extension();
    if (ending == ".safetensors" || ending == ".pt") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// The digest of the file's first megabyte and of samples at even distances, the last at its end.
std::string file_digest(const fs::path& file) {
  const util::MappedFile mapped(file, ErrorCode::kModel);
  const std::string_view all(reinterpret_cast<const char*>(mapped.bytes().data()),
                             mapped.bytes().size());
  std::string samples = std::to_string(all.size()) + '\n';
  samples += all.substr(0, kHeadBytes);
  if (all.size() > kHeadBytes + kSampleBytes) {
    const std::size_t last = all.size() - kHeadBytes - kSampleBytes;
    for (std::size_t i = 1; i <= kSamples; ++i) {
      samples += all.substr(kHeadBytes + last * i / kSamples, kSampleBytes);
    }
  }
  return util::sha256_of(samples);
}

}  // namespace

std::string weight_digest(const fs::path& folder) {
  constexpr std::size_t kDigits = 16;
  std::string list;
  for (const fs::path& file : weight_files(folder)) {
    list += file.filename().string() + ' ' + file_digest(file) + '\n';
  }
  return util::sha256_of(list).substr(0, kDigits);
}

}  // namespace acestep::pipeline
