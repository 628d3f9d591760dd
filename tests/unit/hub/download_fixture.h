// What the tests of downloads share: a hub on the loopback with one model, a folder to fetch it
// into, an observer that remembers.
#pragma once

#include <gmock/gmock.h>

#include <cstdlib>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "hub/download.h"
#include "unit/hub/published_model.h"
#include "unit/util/temp_folder.h"

namespace acestep::testing {

class RecordingObserver final : public hub::DownloadObserver {
 public:
  void file_begins(const std::string& name, uint64_t present, uint64_t) override {
    begun.push_back(name);
    resumed_bytes += present;
  }
  void bytes_present(uint64_t) override {}
  void file_is_checked(const std::string& name) override { checked.push_back(name); }
  void file_is_done(const std::string& name, uint64_t) override { done.push_back(name); }
  void note(const std::string& text) override { notes.push_back(text); }

  std::vector<std::string> begun, checked, done, notes;
  uint64_t resumed_bytes = 0;
};

inline constexpr char kTestRepo[] = "ACE-Step/acestep-v15-sft";
inline constexpr char kTestModel[] = "acestep-v15-sft";

class DownloadTest : public TempFolder {
 protected:
  void SetUp() override {
    TempFolder::SetUp();
    ::setenv("no_proxy", "*", 1);
    access_.huggingface = server_.url();
    access_.modelscope = server_.url();
    access_.token = "hf_secret";
    files_ = {{"config.json", R"({"model_type": "acestep"})", false},
              {"model.safetensors", noise(100'000, 1), true},
              {"silence_latent.pt", noise(300, 2), true},
              {"modeling.py", "import os", false},
              {"assets/cover.png", "png", false}};
    publish(server_, kTestRepo, files_);
  }

  const hub::KnownModel& model() const { return *hub::find_known(kTestModel); }
  std::filesystem::path target(const std::string& name) const {
    return folder_ / kTestModel / name;
  }

  hub::DownloadPlan plan(hub::HttpClient& client, hub::Source source = hub::Source::kHuggingFace,
                         hub::Present present = hub::Present::kKeep) {
    return hub::make_plan(model(), hub::ask_listing(client, access_, source, model(), stop_),
                          {folder_, present}, {client, access_, observer_, stop_, retry_});
  }

  // Lists and fetches with a client of its own, as one run of the program does.
  void run(hub::Source source = hub::Source::kHuggingFace) {
    hub::HttpClient client(limits_);
    hub::download(plan(client, source), {client, access_, observer_, stop_, retry_});
  }

  static std::string content_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  const std::string& published(const std::string& name) const {
    for (const PublishedFile& file : files_) {
      if (file.path == name) return file.content;
    }
    throw std::runtime_error(name);
  }
  void expect_complete() const {
    for (const char* name : {"config.json", "model.safetensors", "silence_latent.pt"}) {
      EXPECT_EQ(content_of(target(name)), published(name)) << name;
    }
  }
  bool is_there(const std::string& name) const { return std::filesystem::exists(target(name)); }
  uint64_t part_bytes() const {
    for (const auto& item : std::filesystem::directory_iterator(folder_ / kTestModel)) {
      if (item.path().extension() == ".part") return item.file_size();
    }
    return 0;
  }

  LoopbackServer server_;
  std::vector<PublishedFile> files_;
  hub::Access access_;
  hub::HttpLimits limits_ = {
      .connect = std::chrono::seconds(5), .stall = std::chrono::seconds(1), .redirects = 5};
  hub::RetryPolicy retry_ = {.tries = 3,
                             .first_wait = std::chrono::milliseconds(1),
                             .longest_wait = std::chrono::milliseconds(4)};
  RecordingObserver observer_;
  util::StopToken stop_;
};

}  // namespace acestep::testing
