// The small models of the golden data, and copies of them with changed weights.
#pragma once

#include <ATen/ATen.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "pipeline/engine.h"

namespace acestep::pipeline::testing {

inline std::filesystem::path small_checkpoints() {
  return std::filesystem::path(ACESTEP_TEST_DATA) / "checkpoints" / "e2e";
}

// `to` becomes a checkpoint folder of links to the small models, but for the weights of `model`,
// which are a copy.
inline void copy_checkpoints(const std::filesystem::path& to, const std::string& model) {
  namespace fs = std::filesystem;
  for (const auto& item : fs::directory_iterator(small_checkpoints())) {
    const std::string name = item.path().filename().string();
    if (name == model) {
      fs::copy(item.path(), to / name);
    } else {
      fs::create_directory_symlink(item.path(), to / name);
    }
  }
}

// Multiplies a stored bfloat16 tensor.
inline void scale_tensor(const std::filesystem::path& file, const std::string& name,
                         double factor) {
  std::ifstream in(file, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  uint64_t header_bytes = 0;
  std::memcpy(&header_bytes, bytes.data(), sizeof header_bytes);
  const auto header = nlohmann::json::parse(bytes.substr(sizeof header_bytes, header_bytes));
  const auto& tensor = header.at(name);
  const uint64_t data = sizeof header_bytes + header_bytes;
  const uint64_t first = data + tensor.at("data_offsets")[0].get<uint64_t>();
  const uint64_t last = data + tensor.at("data_offsets")[1].get<uint64_t>();
  const auto type = tensor.at("dtype") == "BF16" ? at::kBFloat16 : at::kFloat;
  const auto width = static_cast<uint64_t>(c10::elementSize(type));
  const at::Tensor values =
      at::from_blob(bytes.data() + first, {static_cast<int64_t>((last - first) / width)}, type);
  values.mul_(factor);
  std::ofstream(file, std::ios::binary) << bytes;
}

class SilentObserver final : public song::Observer {
 public:
  void stage(std::string_view name) override { stages.emplace_back(name); }
  void step(int64_t, int64_t) override {}
  void adjustment(const song::Adjustment& adjustment) override {
    adjustments.push_back(adjustment);
  }

  std::vector<std::string> stages;
  std::vector<song::Adjustment> adjustments;
};

}  // namespace acestep::pipeline::testing
