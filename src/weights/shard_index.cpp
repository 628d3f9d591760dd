#include "weights/shard_index.h"

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <unordered_set>

#include "util/error.h"
#include "util/mapped_file.h"

namespace acestep::weights {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// The published XL index is 96 KB.
constexpr size_t kMaxIndexBytes = 64'000'000;
constexpr int kMaxIndexDepth = 3;

[[noreturn]] void fail(const fs::path& index_file, const std::string& what) {
  throw Error(ErrorCode::kModel, index_file.string() + ": " + what,
              "The index is damaged or not a safetensors index; fetch the model again.");
}

json parse_index(const fs::path& index_file) {
  const util::MappedFile file(index_file, ErrorCode::kModel);
  if (file.bytes().size() > kMaxIndexBytes) {
    fail(index_file, "is larger than " + std::to_string(kMaxIndexBytes) + " bytes");
  }
  const std::string_view text(reinterpret_cast<const char*>(file.bytes().data()),
                              file.bytes().size());
  if (text.find('\0') != std::string_view::npos) fail(index_file, "holds a NUL byte");
  std::vector<std::unordered_set<std::string>> keys;
  const auto refuse_repeats = [&](int depth, json::parse_event_t event, json& value) {
    if (depth > kMaxIndexDepth) fail(index_file, "is nested too deeply");
    if (event == json::parse_event_t::object_start) keys.emplace_back();
    if (event == json::parse_event_t::object_end) keys.pop_back();
    if (event == json::parse_event_t::key && !keys.back().insert(value.get<std::string>()).second) {
      fail(index_file, "lists '" + value.get<std::string>() + "' twice");
    }
    return true;
  };
  try {
    return json::parse(text, refuse_repeats);
  } catch (const json::exception&) {
    fail(index_file, "is not valid JSON");
  }
}

void check_shard_name(const fs::path& index_file, const std::string& tensor,
                      const std::string& name) {
  const std::string subject = "tensor '" + tensor + "' names the shard '" + name + "'";
  const bool plain = !name.empty() && name != "." && name != ".." &&
                     name.find_first_of(std::string_view("/\\:\0", 4)) == std::string::npos;
  if (!plain) fail(index_file, subject + ", which is not a plain file name");
  if (!name.ends_with(".safetensors")) fail(index_file, subject + ", expected *.safetensors");
}

// A link is fine as long as its target is a sibling: the hub's cache links elsewhere, but a model
// folder made of such links is told apart by resolving the folder itself, not single files.
void check_shard_file(const fs::path& index_file, const std::string& name) {
  const fs::path folder = index_file.has_parent_path() ? index_file.parent_path() : fs::path(".");
  std::error_code error;
  const fs::path home = fs::canonical(folder, error);
  const fs::path target = error ? fs::path() : fs::canonical(folder / name, error);
  if (error) fail(index_file, "names the shard '" + name + "', which is missing");
  if (target.parent_path() != home) {
    fail(index_file, "names the shard '" + name + "', which leads out of the model folder");
  }
  if (!fs::is_regular_file(target, error)) {
    fail(index_file, "names the shard '" + name + "', which is not a regular file");
  }
}

}  // namespace

ShardIndex read_shard_index(const fs::path& index_file) {
  const json index = parse_index(index_file);
  if (!index.is_object() || !index.contains("weight_map") || !index["weight_map"].is_object()) {
    fail(index_file, "has no object 'weight_map'");
  }
  ShardIndex result;
  std::set<std::string> files;
  for (const auto& [tensor, file] : index["weight_map"].items()) {
    if (!file.is_string()) fail(index_file, "tensor '" + tensor + "' does not name a shard");
    const std::string name = file.get<std::string>();
    check_shard_name(index_file, tensor, name);
    if (files.insert(name).second) check_shard_file(index_file, name);
    result.file_of_tensor.emplace(tensor, name);
  }
  if (files.empty()) fail(index_file, "lists no tensor");
  result.files.assign(files.begin(), files.end());
  return result;
}

}  // namespace acestep::weights
