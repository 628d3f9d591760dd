#include "hub/listing_format.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "hub/digest.h"
#include "request/text.h"
#include "util/error.h"
#include "util/strict_json.h"

namespace acestep::hub {
namespace {

using nlohmann::json;

constexpr size_t kSha256Digits = 64;
constexpr size_t kGitDigits = 40;
constexpr uint64_t kMaxFileBytes = 1'000'000'000'000;

// Absolute paths, "..", backslashes, drives and what no file name should hold.
bool is_safe_path(std::string_view path) {
  if (path.empty() || path.front() == '/' || path.back() == '/') return false;
  if (path.find_first_of("\\:") != std::string_view::npos || !request::is_utf8(path)) return false;
  if (std::any_of(path.begin(), path.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; })) {
    return false;
  }
  const auto parts = request::split_any(path, "/");
  if (path.find("//") != std::string_view::npos) return false;
  return std::none_of(parts.begin(), parts.end(),
                      [](const std::string& part) { return part == "." || part == ".."; });
}

std::string text_of(const json& item, const char* key) {
  const auto place = item.find(key);
  return place != item.end() && place->is_string() ? place->get<std::string>() : std::string();
}

std::string digest_of(const json& item, const char* key, size_t digits) {
  std::string text = request::to_lower_ascii(text_of(item, key));
  constexpr std::string_view kPrefix = "sha256:";
  if (text.starts_with(kPrefix)) text.erase(0, kPrefix.size());
  return is_digest(text, digits) ? text : std::string();
}

struct Entry {
  std::string path;
  bool is_file = false;
  RemoteFile file;
};

uint64_t size_of(const json& item, const char* key, const std::string& path,
                 const std::string& address) {
  const auto place = item.find(key);
  if (place == item.end() || !place->is_number_unsigned() ||
      place->get<uint64_t>() > kMaxFileBytes) {
    refuse_listing(address, "the list gives no usable size for " + request::in_quotes(path));
  }
  return place->get<uint64_t>();
}

// {"type": "file", "path", "size", "oid": git's digest, "lfs": {"oid": SHA-256, "size"}}
Entry huggingface_entry(const json& item, const std::string& address) {
  Entry entry{text_of(item, "path"), text_of(item, "type") == "file", {}};
  if (!entry.is_file) return entry;
  entry.file.bytes = size_of(item, "size", entry.path, address);
  const auto lfs = item.find("lfs");
  if (lfs != item.end() && lfs->is_object()) {
    entry.file.sha256 = digest_of(*lfs, "oid", kSha256Digits);
    // The oid beside it is that of the pointer, not of the file.
  } else {
    entry.file.git_blob = digest_of(item, "oid", kGitDigits);
  }
  return entry;
}

// {"Type": "blob", "Path", "Size", "Sha256"}
Entry modelscope_entry(const json& item, const std::string& address) {
  Entry entry{text_of(item, "Path"), text_of(item, "Type") == "blob", {}};
  if (!entry.is_file) return entry;
  entry.file.bytes = size_of(item, "Size", entry.path, address);
  entry.file.sha256 = digest_of(item, "Sha256", kSha256Digits);
  return entry;
}

const json& entries_of(const json& answer, Source source, const std::string& address) {
  if (source == Source::kHuggingFace) {
    if (!answer.is_array()) refuse_listing(address, "the list of files is not a JSON array");
    return answer;
  }
  const auto data = answer.is_object() ? answer.find("Data") : answer.end();
  if (data == answer.end() || !data->is_object() || !data->contains("Files") ||
      !(*data)["Files"].is_array()) {
    refuse_listing(address, "the answer has no list Data.Files");
  }
  return (*data)["Files"];
}

// The name of a file that lies directly in the model's folder; else empty.
std::string name_in_model(const std::string& path, const KnownModel& model) {
  const std::string prefix =
      model.subfolder.empty() ? std::string() : std::string(model.subfolder) + "/";
  if (!path.starts_with(prefix)) return {};
  const std::string name = path.substr(prefix.size());
  return name.find('/') == std::string::npos ? name : std::string();
}

void add_entry(Listing& listing, Entry entry, const KnownModel& model) {
  const std::string name = name_in_model(entry.path, model);
  if (name.empty()) return;
  if (!is_needed(name)) {
    listing.left_out.push_back(name);
    return;
  }
  entry.file.name = name;
  listing.files.push_back(std::move(entry.file));
}

}  // namespace

void refuse_listing(const std::string& address, const std::string& what) {
  throw Error(ErrorCode::kModel, address + ": " + what,
              "This is no list of a model hub: check HF_ENDPOINT, or choose another --source.");
}

bool is_needed(std::string_view file_name) {
  constexpr std::string_view kEndings[] = {".safetensors", ".json", ".txt", ".jinja"};
  if (file_name.starts_with('.')) return false;
  if (file_name == "silence_latent.pt" || file_name.starts_with("LICENSE")) return true;
  return std::any_of(std::begin(kEndings), std::end(kEndings),
                     [&](std::string_view ending) { return file_name.ends_with(ending); });
}

void add_listing_page(Listing& listing, std::string_view answer, const KnownModel& model,
                      const std::string& address) {
  const json document = util::parse_json(
      answer, address, {.max_bytes = kMaxListingBytes, .max_depth = kMaxListingDepth},
      ErrorCode::kModel);
  for (const json& item : entries_of(document, listing.source, address)) {
    if (!item.is_object()) refuse_listing(address, "the list holds something other than files");
    Entry entry = listing.source == Source::kHuggingFace ? huggingface_entry(item, address)
                                                         : modelscope_entry(item, address);
    if (!is_safe_path(entry.path)) {
      refuse_listing(address, "the list holds the path " + request::in_quotes(entry.path) +
                                  ", which leads out of the model's folder");
    }
    if (entry.is_file) add_entry(listing, std::move(entry), model);
  }
}

}  // namespace acestep::hub
