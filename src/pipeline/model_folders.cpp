#include "pipeline/model_folders.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "tiny/tiny_models.h"
#include "util/error.h"

namespace acestep::pipeline {
namespace fs = std::filesystem;
namespace {

constexpr char kTextEncoder[] = "Qwen3-Embedding-0.6B";
// Preferred first (reference: model_downloader.py and its product defaults).
constexpr std::array<const char*, 2> kPreferredDits = {"acestep-v15-turbo", "acestep-v15-xl-turbo"};
constexpr std::array<const char*, 3> kPreferredLms = {"acestep-5Hz-lm-1.7B", "acestep-5Hz-lm-0.6B",
                                                      "acestep-5Hz-lm-4B"};
constexpr char kDitPrefix[] = "acestep-v15-";
constexpr char kLmPrefix[] = "acestep-5Hz-lm-";
constexpr uint64_t kTinySeed = 1;

bool is_weight_file(const fs::path& file) { return file.extension() == ".safetensors"; }

ModelFolder inspect(const std::string& name, const fs::path& path) {
  ModelFolder folder{name, path, false, 0};
  std::error_code error;
  if (!fs::is_directory(path, error)) return folder;
  for (const auto& item : fs::directory_iterator(path, error)) {
    const bool counts = is_weight_file(item.path()) && item.is_regular_file(error);
    if (counts) folder.bytes += item.file_size(error);
  }
  folder.is_present = folder.bytes > 0 && fs::exists(path / "config.json", error);
  return folder;
}

// `wanted` as a folder if it is one, else as a name within the checkpoint folder.
ModelFolder named(const std::string& wanted, const fs::path& checkpoint_dir) {
  std::error_code error;
  if (wanted.find('/') != std::string::npos && fs::is_directory(wanted, error)) {
    // "models/" and "models/." are named by the same last word as "models".
    const fs::path path = (fs::absolute(wanted) / "").lexically_normal().parent_path();
    return inspect(path.filename().string(), wanted);
  }
  return inspect(wanted, checkpoint_dir / wanted);
}

// Names of the present folders with this prefix, sorted.
std::vector<std::string> present_folders(const fs::path& checkpoint_dir,
                                         const std::string& prefix) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& item : fs::directory_iterator(checkpoint_dir, error)) {
    const std::string name = item.path().filename().string();
    if (name.rfind(prefix, 0) == 0 && inspect(name, item.path()).is_present) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

template <std::size_t Count>
ModelFolder best_of(const std::array<const char*, Count>& preferred, const std::string& prefix,
                    const fs::path& checkpoint_dir) {
  for (const char* name : preferred) {
    ModelFolder folder = inspect(name, checkpoint_dir / name);
    if (folder.is_present) return folder;
  }
  const auto others = present_folders(checkpoint_dir, prefix);
  const std::string name = others.empty() ? preferred.front() : others.front();
  return inspect(name, checkpoint_dir / name);
}

fs::path cache_folder() {
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache != '\0') {
    return fs::path(cache) / "acestep";
  }
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') {
    return fs::path(home) / ".cache" / "acestep";
  }
  return fs::temp_directory_path() / "acestep";
}

// A folder that goes away with its scope.
class Draft {
 public:
  explicit Draft(fs::path path) : path_(std::move(path)) {}
  ~Draft() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// Written beside its final place and moved there whole, so that two first runs at once do no harm.
fs::path tiny_folder() {
  const fs::path folder = cache_folder() / ("tiny-" + std::to_string(tiny::kTinyVersion));
  std::error_code error;
  if (fs::is_directory(folder, error)) return folder;
  fs::create_directories(folder.parent_path(), error);
  if (error) {
    throw Error(ErrorCode::kOutput,
                "cannot create " + folder.parent_path().string() + ": " + error.message(),
                "set XDG_CACHE_HOME to a folder you can write");
  }
  const Draft draft(folder.string() + ".part-" + std::to_string(::getpid()));
  fs::remove_all(draft.path(), error);  // what a killed run of this number left
  tiny::write_tiny_models(draft.path(), kTinySeed);
  fs::rename(draft.path(), folder, error);
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) {
    throw Error(ErrorCode::kOutput, "cannot create " + folder.string() + ": " + error.message(),
                "set XDG_CACHE_HOME to a folder you can write");
  }
  return folder;
}

}  // namespace

std::vector<std::string> ModelFolders::missing(const ModelNeeds& needs) const {
  std::vector<std::string> names;
  const auto judge = [&names](bool is_needed, const ModelFolder& folder) {
    if (is_needed && !folder.name.empty() && !folder.is_present) names.push_back(folder.name);
  };
  judge(needs.dit, dit);
  judge(needs.language_model, lm);
  judge(needs.text_encoder, text_encoder);
  judge(needs.vae, vae);
  return names;
}

ModelFolders find_models(const ModelChoice& choice) {
  ModelFolders folders;
  const fs::path& root = choice.checkpoint_dir;
  folders.dit =
      choice.dit.empty() ? best_of(kPreferredDits, kDitPrefix, root) : named(choice.dit, root);
  if (choice.lm != "none") {
    folders.lm =
        choice.lm.empty() ? best_of(kPreferredLms, kLmPrefix, root) : named(choice.lm, root);
  }
  folders.text_encoder = inspect(kTextEncoder, root / kTextEncoder);
  folders.vae = choice.vae == "official" ? inspect(kOfficialVae, root / kOfficialVae)
                                         : named(choice.vae, root);
  return folders;
}

void require_models(const ModelFolders& folders, const fs::path& checkpoint_dir,
                    const ModelNeeds& needs) {
  const auto missing = folders.missing(needs);
  if (missing.empty()) return;
  std::string list;
  for (const std::string& name : missing) list += (list.empty() ? "" : ", ") + name;
  throw Error(ErrorCode::kModel,
              "models are missing or incomplete in " + checkpoint_dir.string() + ": " + list,
              "acestep models download fetches the published ones; choose another folder with "
              "--checkpoint_dir, or try --checkpoint_dir tiny");
}

fs::path resolve_checkpoint_dir(const std::string& text) {
  return text == "tiny" ? tiny_folder() : fs::path(text);
}

}  // namespace acestep::pipeline
