#include "unit/hub/published_model.h"

#include <openssl/sha.h>

#include <nlohmann/json.hpp>

#include "util/sha256.h"
#include "util/split_mix.h"

namespace acestep::testing {
namespace {

using nlohmann::json;

std::string git_blob_of(const std::string& content) {
  const std::string object = "blob " + std::to_string(content.size()) + '\0' + content;
  unsigned char digest[SHA_DIGEST_LENGTH];
  SHA1(reinterpret_cast<const unsigned char*>(object.data()), object.size(), digest);
  std::string text;
  for (const unsigned char byte : digest) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", byte);
    text += digits;
  }
  return text;
}

std::string encoded_slashes(const std::string& path) {
  std::string result;
  for (const char c : path) result += c == '/' ? std::string("%2F") : std::string(1, c);
  return result;
}

}  // namespace

std::string huggingface_list(const std::vector<PublishedFile>& files) {
  json list = json::array({{{"type", "directory"}, {"oid", "0"}, {"size", 0}, {"path", "docs"}}});
  for (const PublishedFile& file : files) {
    json item = {{"type", "file"},
                 {"oid", git_blob_of(file.content)},
                 {"size", file.content.size()},
                 {"path", file.path}};
    if (file.is_lfs) {
      item["oid"] = git_blob_of("a pointer");
      item["lfs"] = {{"oid", util::sha256_of(file.content)},
                     {"size", file.content.size()},
                     {"pointerSize", 135}};
    }
    list.push_back(item);
  }
  return list.dump();
}

std::string modelscope_list(const std::vector<PublishedFile>& files) {
  json list = json::array({{{"Type", "tree"}, {"Path", "docs"}, {"Size", 0}}});
  for (const PublishedFile& file : files) {
    list.push_back({{"Type", "blob"},
                    {"Path", file.path},
                    {"Size", file.content.size()},
                    {"Sha256", util::sha256_of(file.content)}});
  }
  return json{{"Code", 200}, {"Success", true}, {"Data", {{"Files", list}}}}.dump();
}

std::string huggingface_path(const std::string& repo, const std::string& path) {
  return "/" + repo + "/resolve/main/" + path;
}

void publish(LoopbackServer& server, const std::string& repo,
             const std::vector<PublishedFile>& files) {
  const std::string modelscope = "/api/v1/models/" + repo + "/repo";
  server.serve("/api/models/" + repo + "/tree/main?recursive=true", huggingface_list(files), false);
  server.serve(modelscope + "/files?Revision=master&Recursive=true", modelscope_list(files), false);
  for (const PublishedFile& file : files) {
    server.serve(huggingface_path(repo, file.path), file.content);
    server.serve(modelscope + "?Revision=master&FilePath=" + encoded_slashes(file.path),
                 file.content);
  }
}

std::string noise(size_t bytes, uint64_t seed) {
  util::SplitMix random(seed);
  std::string content(bytes, '\0');
  for (char& byte : content) byte = static_cast<char>(random.next() & 0xFF);
  return content;
}

}  // namespace acestep::testing
