#include "hub/download_record.h"

#include <nlohmann/json.hpp>

#include "hub/digest.h"
#include "util/atomic_file.h"
#include "util/error.h"
#include "util/strict_json.h"

namespace acestep::hub {
namespace {

using nlohmann::json;

constexpr char kSchema[] = "acestep-download/1";
constexpr size_t kSha256Digits = 64;

[[noreturn]] void refuse(const std::filesystem::path& file) {
  throw Error(ErrorCode::kModel, file.string() + ": is not the record of a download",
              "Remove it, and run acestep models download again.");
}

}  // namespace

void write_record(const std::filesystem::path& folder, const DownloadRecord& record) {
  json files = json::array();
  for (const RecordedFile& file : record.files) {
    files.push_back({{"name", file.name}, {"bytes", file.bytes}, {"sha256", file.sha256}});
  }
  const json document = {{"schema", kSchema},
                         {"model", record.model},
                         {"repo", record.repo},
                         {"source", record.source},
                         {"files", files}};
  util::write_atomically(folder / kRecordName, document.dump(1) + "\n", util::Existing::kReplace);
}

DownloadRecord read_record(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / kRecordName;
  DownloadRecord record;
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return record;
  const json document = util::read_json_file(path, {}, ErrorCode::kModel);
  if (!document.is_object() || document.value("schema", json()) != kSchema ||
      !document.contains("files") || !document["files"].is_array()) {
    refuse(path);
  }
  const auto text = [&](const json& object, const char* key) {
    const auto place = object.find(key);
    if (place == object.end() || !place->is_string()) refuse(path);
    return place->get<std::string>();
  };
  record.model = text(document, "model");
  record.repo = text(document, "repo");
  record.source = text(document, "source");
  for (const json& item : document["files"]) {
    if (!item.is_object() || !item.contains("bytes") || !item["bytes"].is_number_unsigned()) {
      refuse(path);
    }
    RecordedFile file{text(item, "name"), item["bytes"].get<uint64_t>(), text(item, "sha256")};
    const bool is_plain = !file.name.empty() && file.name.find('/') == std::string::npos;
    if (!is_plain || !is_digest(file.sha256, kSha256Digits)) refuse(path);
    record.files.push_back(std::move(file));
  }
  return record;
}

}  // namespace acestep::hub
