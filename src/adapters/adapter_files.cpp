#include "adapters/adapter_files.h"

#include <algorithm>
#include <optional>

#include "request/nearest.h"
#include "util/error.h"
#include "util/quoted_text.h"

namespace acestep::adapters {
namespace {

namespace fs = std::filesystem;

constexpr char kPeftConfig[] = "adapter_config.json";
constexpr char kPeftWeights[] = "adapter_model.safetensors";
constexpr char kPeftPickle[] = "adapter_model.bin";
constexpr char kLokrWeights[] = "lokr_weights.safetensors";
constexpr char kEnding[] = ".safetensors";
constexpr char kInner[] = "adapter";

bool is_file(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

bool is_folder(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code error;
  for (const auto& item : fs::directory_iterator(folder, error)) entries.push_back(item.path());
  std::sort(entries.begin(), entries.end());
  return entries;
}

std::vector<fs::path> weight_files(const fs::path& folder) {
  std::vector<fs::path> files = entries_of(folder);
  std::erase_if(files,
                [](const fs::path& file) { return file.extension() != kEnding || !is_file(file); });
  return files;
}

[[noreturn]] void refuse_pickle(const fs::path& file) {
  throw Error(ErrorCode::kInput, file.string() + ": is no safetensors file",
              "Adapters are read from .safetensors files; PEFT writes one with "
              "save_pretrained(…, safe_serialization=True).");
}

AdapterFiles peft_files(const fs::path& folder) {
  const fs::path weights = folder / kPeftWeights;
  if (is_file(weights)) return {weights, folder / kPeftConfig};
  if (is_file(folder / kPeftPickle)) refuse_pickle(folder / kPeftPickle);
  throw Error(ErrorCode::kInput, weights.string() + ": is missing beside " + kPeftConfig,
              "Copy the whole folder that the adapter was saved to.");
}

// Absent: the folder itself holds no adapter.
std::optional<AdapterFiles> files_in(const fs::path& folder) {
  if (is_file(folder / kPeftConfig)) return peft_files(folder);
  if (is_file(folder / kLokrWeights)) return AdapterFiles{folder / kLokrWeights, {}};
  const std::vector<fs::path> files = weight_files(folder);
  if (files.empty()) return std::nullopt;
  if (files.size() == 1) return AdapterFiles{files.front(), {}};
  std::string names;
  for (const fs::path& file : files) {
    names += (names.empty() ? "" : ", ") + file.filename().string();
  }
  throw Error(ErrorCode::kInput, folder.string() + ": holds several adapters: " + names,
              "Name one of these files.");
}

bool looks_like_adapter(const fs::path& path) {
  if (path.extension() == kEnding) return is_file(path);
  const auto holds_files = [](const fs::path& folder) {
    return is_file(folder / kPeftConfig) || !weight_files(folder).empty();
  };
  return is_folder(path) && (holds_files(path) || holds_files(path / kInner));
}

std::string names_in(const fs::path& adapter_dir, const std::string& wanted) {
  std::vector<std::string> names;
  for (const fs::path& adapter : adapters_in(adapter_dir)) {
    const bool has_ending = adapter.extension() == kEnding;
    names.push_back((has_ending ? adapter.stem() : adapter.filename()).string());
  }
  if (const auto near = request::nearest_name(wanted, names)) {
    return "Did you mean '" + *near + "'? acestep adapters list shows what is there.";
  }
  return "Give the path of a .safetensors file or of an adapter's folder, or a name in " +
         adapter_dir.string() + "; a scale follows as in PATH:0.8.";
}

}  // namespace

std::string adapter_name(const fs::path& adapter) {
  return (fs::absolute(adapter) / "").lexically_normal().parent_path().filename().string();
}

fs::path find_adapter(const std::string& wanted, const fs::path& adapter_dir) {
  std::error_code error;
  for (const fs::path& place :
       {fs::path(wanted), adapter_dir / wanted, adapter_dir / (wanted + kEnding)}) {
    if (fs::exists(place, error)) return place;
  }
  throw Error(ErrorCode::kInput, "there is no adapter " + util::in_quotes(wanted),
              names_in(adapter_dir, wanted));
}

std::vector<fs::path> adapters_in(const fs::path& adapter_dir) {
  std::vector<fs::path> adapters = entries_of(adapter_dir);
  std::erase_if(adapters, [](const fs::path& path) { return !looks_like_adapter(path); });
  return adapters;
}

AdapterFiles adapter_files(const fs::path& adapter) {
  if (is_file(adapter)) {
    if (adapter.extension() != kEnding) refuse_pickle(adapter);
    const fs::path config = adapter.parent_path() / kPeftConfig;
    const bool is_peft = adapter.filename() == kPeftWeights && is_file(config);
    return {adapter, is_peft ? config : fs::path()};
  }
  for (const fs::path& folder : {adapter, adapter / kInner}) {
    if (const auto files = files_in(folder)) return *files;
  }
  throw Error(ErrorCode::kInput, adapter.string() + ": holds no adapter",
              std::string("Expected ") + kPeftConfig + " with " + kPeftWeights + ", " +
                  kLokrWeights + " or one other .safetensors file.");
}

}  // namespace acestep::adapters
