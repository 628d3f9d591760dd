#include "cli/adapters_facts.h"

#include <algorithm>

namespace acestep::cli {

nlohmann::json adapter_json(const adapters::Adapter& adapter) {
  const adapters::AdapterFiles& files = adapter.files();
  return {
      {"name", adapter.name()},
      {"weights", files.weights.string()},
      {"config", files.config.empty() ? nlohmann::json() : nlohmann::json(files.config.string())},
      {"method", adapter.methods()},
      {"changes", adapter.changes().size()},
      {"ranks", ranks_text(adapter)},
      {"parameters", adapter.parameters()},
      {"dtype", adapter.types()},
      {"bytes", std::filesystem::file_size(files.weights)},
      {"digest", adapter.digest()}};
}

std::string ranks_text(const adapters::Adapter& adapter) {
  const auto [least, most] =
      std::minmax_element(adapter.changes().begin(), adapter.changes().end(),
                          [](const auto& a, const auto& b) { return a.rank < b.rank; });
  const auto text = [](int64_t rank) { return rank == 0 ? "whole" : std::to_string(rank); };
  if (least->rank == most->rank) return text(least->rank);
  return text(least->rank) + " … " + text(most->rank);
}

}  // namespace acestep::cli
