#include "weights/shard_index.h"

#include <nlohmann/json.hpp>
#include <set>

#include "util/error.h"
#include "util/strict_json.h"

namespace acestep::weights {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// The published XL index is 96 KB.
constexpr util::JsonLimits kIndexLimits = {.max_bytes = 64'000'000, .max_depth = 4};

[[noreturn]] void fail(const fs::path& index_file, const std::string& what) {
  throw Error(ErrorCode::kModel, index_file.string() + ": " + what,
              "The index is damaged or not a safetensors index; fetch the model again.");
}

void check_shard_name(const fs::path& index_file, const std::string& tensor,
                      const std::string& name) {
  const std::string subject = "tensor '" + tensor + "' names the shard '" + name + "'";
  const bool plain = !name.empty() && name != "." && name != ".." &&
                     name.find_first_of(std::string_view("/\\:\0", 4)) == std::string::npos;
  if (!plain) fail(index_file, subject + ", which is not a plain file name");
  if (!name.ends_with(".safetensors")) fail(index_file, subject + ", expected *.safetensors");
}

// Links are followed, and must end beside the index: in its folder, or beside the file that the
// index itself is a link to (a download cache keeps all blobs of a model in one place). An index
// must not make the program read files that the user never named.
void check_shard_file(const fs::path& index_file, const std::string& name) {
  const fs::path folder = index_file.has_parent_path() ? index_file.parent_path() : fs::path(".");
  std::error_code error;
  const fs::path home = fs::canonical(folder, error);
  const fs::path target = error ? fs::path() : fs::canonical(folder / name, error);
  if (error) fail(index_file, "names the shard '" + name + "', which is missing");
  const fs::path index_home = fs::canonical(index_file, error).parent_path();
  if (target.parent_path() != home && target.parent_path() != index_home) {
    fail(index_file, "names the shard '" + name + "', which leads out of the model folder");
  }
  if (!fs::is_regular_file(target, error)) {
    fail(index_file, "names the shard '" + name + "', which is not a regular file");
  }
}

}  // namespace

ShardIndex read_shard_index(const fs::path& index_file) {
  const json index = util::read_json_file(index_file, kIndexLimits, ErrorCode::kModel);
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
