#include "golden/load.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "weights/safetensors_source.h"

namespace acestep::golden {
namespace fs = std::filesystem;
namespace {

void find_acoustic(const fs::path& folder, const fs::path& checkpoints,
                   std::vector<CaseRef>& cases) {
  const nlohmann::json index = read_json(folder / "index.json");
  for (const auto& entry : index.at("cases")) {
    cases.push_back({"acoustic", entry.at("kind"), entry.at("name"), folder,
                     folder / entry.at("file").get<std::string>(), checkpoints, entry});
  }
}

// Every JSON file of the set but set.json (which names the model) is one many-case file.
void find_lm(const fs::path& folder, const fs::path& checkpoints, std::vector<CaseRef>& cases) {
  for (const auto& item : fs::directory_iterator(folder)) {
    const fs::path& file = item.path();
    if (file.extension() != ".json" || file.stem() == "set") continue;
    cases.push_back({"lm", file.stem(), file.stem(), folder, file, checkpoints, {}});
  }
}

void find_songs(const fs::path& folder, const fs::path& checkpoints, std::vector<CaseRef>& cases) {
  const nlohmann::json index = read_json(folder / "index.json");
  for (const auto& entry : index.at("cases")) {
    const std::string name = entry.at("name");
    cases.push_back({"e2e", "song", name, folder / name, folder / name / "tensors.safetensors",
                     checkpoints, entry});
  }
  for (const char* extra : {"lm_calls", "rng_check"}) {
    const fs::path file = folder / (std::string(extra) + ".json");
    if (fs::exists(file)) cases.push_back({"e2e", extra, extra, folder, file, checkpoints, {}});
  }
}

// Tables of calls with arguments and results: one many-case file each. Where one needs a model, it
// takes those of the songs.
void find_tiers(const fs::path& folder, const fs::path& checkpoints, std::vector<CaseRef>& cases) {
  for (const auto& item : fs::directory_iterator(folder)) {
    const fs::path& file = item.path();
    if (file.extension() != ".json") continue;
    cases.push_back({"tiers", file.stem(), file.stem(), folder, file, checkpoints, {}});
  }
}

}  // namespace

nlohmann::json read_json(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  return nlohmann::json::parse(in);
}

std::map<std::string, at::Tensor> read_tensors(const fs::path& file) {
  const auto source = weights::open_safetensors(file);
  std::map<std::string, at::Tensor> tensors;
  for (const std::string& name : source->names()) tensors[name] = source->tensor(name).clone();
  return tensors;
}

std::vector<CaseRef> find_cases(const fs::path& golden, const fs::path& checkpoints) {
  std::vector<CaseRef> cases;
  if (fs::exists(golden / "acoustic"))
    find_acoustic(golden / "acoustic", checkpoints / "acoustic", cases);
  if (fs::exists(golden / "lm")) find_lm(golden / "lm", checkpoints / "lm", cases);
  if (fs::exists(golden / "e2e")) find_songs(golden / "e2e", checkpoints / "e2e", cases);
  if (fs::exists(golden / "tiers")) find_tiers(golden / "tiers", checkpoints / "e2e", cases);
  std::sort(cases.begin(), cases.end(), [](const CaseRef& a, const CaseRef& b) {
    return std::tie(a.set, a.kind, a.name) < std::tie(b.set, b.kind, b.name);
  });
  return cases;
}

Case load_case(const CaseRef& ref) {
  Case loaded{ref.set, ref.kind, ref.name, ref.entry, {}, {}, ref.folder, ref.checkpoints};
  if (ref.file.extension() == ".safetensors") {
    if (fs::exists(ref.file)) loaded.tensors = read_tensors(ref.file);
    return loaded;
  }
  loaded.data = read_json(ref.file);
  if (loaded.entry.is_null()) loaded.entry = loaded.data;
  const fs::path sibling = fs::path(ref.file).replace_extension(".safetensors");
  if (fs::exists(sibling)) loaded.tensors = read_tensors(sibling);
  return loaded;
}

}  // namespace acestep::golden
