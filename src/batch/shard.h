// Which part of a batch this process does when several share one list.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace acestep::batch {

struct Shard {
  int64_t number = 1;  // 1 … count
  int64_t count = 1;
  std::string found_by = {};  // the variables that "auto" read

  // position: 0-based place in the whole list.
  bool has(int64_t position) const { return position % count == number - 1; }
};

using Variables = std::function<std::optional<std::string>(const std::string& name)>;

// "K/N" with K from 1 to N, or "auto": a Slurm array task, a Kubernetes or AWS Batch or PBS index
// with ACESTEP_SHARDS as the count, or RANK and WORLD_SIZE. Throws Error kUsage.
Shard parse_shard(const std::string& text, const Variables& variables);

}  // namespace acestep::batch
