// A model hub on the loopback for shell tests. Usage: loopback_hub FOLDER
// Serves every model folder below FOLDER under its published name, and prints its port. Then obeys
// standard input, one command a line, each answered by a line: `once KIND [NUMBER|URL]` misbehaves
// for one request of a file, `always KIND …` for all, `honest` for none, `requests` prints how many
// files were asked for, `tokens` the tokens that came. Ends with its input.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>

#include "hub/catalogue.h"
#include "unit/hub/published_model.h"

namespace {

namespace fs = std::filesystem;
using acestep::testing::LoopbackServer;
using acestep::testing::Misdeed;
using acestep::testing::PublishedFile;

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void publish_folder(LoopbackServer& server, const fs::path& folder) {
  std::map<std::string, std::vector<PublishedFile>> repositories;
  for (const auto& model : fs::directory_iterator(folder)) {
    const auto* known = acestep::hub::find_known(model.path().filename().string());
    if (known == nullptr) continue;
    const std::string prefix =
        known->subfolder.empty() ? std::string() : std::string(known->subfolder) + "/";
    for (const auto& file : fs::directory_iterator(model.path())) {
      const bool is_lfs = file.path().extension() == ".safetensors";
      repositories[std::string(known->repo)].push_back(
          {prefix + file.path().filename().string(), content_of(file.path()), is_lfs});
    }
  }
  for (const auto& [repo, files] : repositories) publish(server, repo, files);
}

Misdeed misdeed_of(std::istringstream& words) {
  using Kind = Misdeed::Kind;
  static const std::map<std::string, Kind> kKinds = {{"cut", Kind::kCut},
                                                     {"ignore-range", Kind::kIgnoreRange},
                                                     {"status", Kind::kStatus},
                                                     {"redirect", Kind::kRedirect},
                                                     {"length", Kind::kWrongLength},
                                                     {"corrupt", Kind::kCorrupt},
                                                     {"stall", Kind::kStall},
                                                     {"empty", Kind::kEmpty},
                                                     {"chunked", Kind::kChunked}};
  std::string kind;
  std::string value;
  words >> kind >> value;
  Misdeed misdeed{kKinds.at(kind)};
  misdeed.text = value;
  if (!value.empty() && misdeed.kind != Kind::kRedirect) misdeed.number = std::stoll(value);
  return misdeed;
}

std::string obey(LoopbackServer& server, const std::string& line) {
  std::istringstream words(line);
  std::string command;
  words >> command;
  if (command == "once") {
    server.misbehave({misdeed_of(words)});
  } else if (command == "always") {
    server.always_misbehave(misdeed_of(words));
  } else if (command == "honest") {
    server.always_misbehave({});
  } else if (command == "requests") {
    return std::to_string(server.file_requests());
  } else if (command == "tokens") {
    std::set<std::string> tokens;
    for (const auto& request : server.requests()) tokens.insert(request.token);
    std::string text;
    for (const std::string& token : tokens) text += "[" + token + "]";
    return text;
  } else {
    throw std::runtime_error("unknown command: " + line);
  }
  return "ok";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) throw std::runtime_error("usage: loopback_hub FOLDER");
  LoopbackServer server;
  publish_folder(server, argv[1]);
  std::cout << server.port() << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    std::cout << obey(server, line) << std::endl;
  }
  return 0;
}
