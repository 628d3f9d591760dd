#include "batch/shard.h"

#include <charconv>
#include <vector>

#include "request/text.h"
#include "util/error.h"

namespace acestep::batch {
namespace {

std::optional<int64_t> whole_number(std::string_view text) {
  int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = read.ec == std::errc() && read.ptr == text.data() + text.size();
  return is_number ? std::optional(number) : std::nullopt;
}

std::optional<int64_t> variable(const Variables& variables, const std::string& name) {
  const auto text = variables(name);
  if (!text || text->empty()) return std::nullopt;
  if (const auto number = whole_number(*text)) return number;
  throw Error(ErrorCode::kUsage,
              name + " = " + request::in_quotes(*text) + ": expected a whole number");
}

[[noreturn]] void refuse(const std::string& what, int64_t number, int64_t count) {
  throw Error(ErrorCode::kUsage, what + " is shard " + std::to_string(number) + " of " +
                                     std::to_string(count) + ": expected K/N with K from 1 to N");
}

Shard checked(int64_t number, int64_t count, const std::string& what) {
  if (count < 1 || number < 1 || number > count) refuse(what, number, count);
  return {number, count, what};
}

// Slurm counts in steps from a lowest number, both free to choose.
std::optional<Shard> slurm_shard(const Variables& variables) {
  const auto id = variable(variables, "SLURM_ARRAY_TASK_ID");
  const auto count = variable(variables, "SLURM_ARRAY_TASK_COUNT");
  if (!id || !count) return std::nullopt;
  const int64_t lowest = variable(variables, "SLURM_ARRAY_TASK_MIN").value_or(0);
  const int64_t step =
      std::max<int64_t>(variable(variables, "SLURM_ARRAY_TASK_STEP").value_or(1), 1);
  return checked((*id - lowest) / step + 1, *count, "SLURM_ARRAY_TASK_ID");
}

// Schedulers that count from `first` and do not tell how many there are.
struct Indexed {
  const char* index;
  const char* count;
  int64_t first;
};

std::optional<Shard> indexed_shard(const Variables& variables) {
  static const std::vector<Indexed> schedulers = {
      {"JOB_COMPLETION_INDEX", "ACESTEP_SHARDS", 0},       // Kubernetes indexed jobs
      {"AWS_BATCH_JOB_ARRAY_INDEX", "ACESTEP_SHARDS", 0},  // AWS Batch
      {"PBS_ARRAY_INDEX", "ACESTEP_SHARDS", 1},            // PBS
      {"RANK", "WORLD_SIZE", 0},                           // torchrun and its like
  };
  for (const Indexed& scheduler : schedulers) {
    const auto index = variable(variables, scheduler.index);
    if (!index) continue;
    const auto count = variable(variables, scheduler.count);
    if (!count) {
      throw Error(ErrorCode::kUsage,
                  std::string(scheduler.index) + " is set, but " + scheduler.count + " is not",
                  std::string("set ") + scheduler.count + " to the number of shards");
    }
    return checked(*index - scheduler.first + 1, *count, scheduler.index);
  }
  return std::nullopt;
}

}  // namespace

Shard parse_shard(const std::string& text, const Variables& variables) {
  if (text == "auto") {
    if (auto shard = slurm_shard(variables)) return *shard;
    if (auto shard = indexed_shard(variables)) return *shard;
    throw Error(ErrorCode::kUsage, "--shard auto: no scheduler's variable is set",
                "it reads SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX, AWS_BATCH_JOB_ARRAY_INDEX, "
                "PBS_ARRAY_INDEX or RANK; otherwise say --shard K/N");
  }
  const size_t slash = text.find('/');
  const auto number = whole_number(std::string_view(text).substr(0, slash));
  const auto count = slash == std::string::npos
                         ? std::nullopt
                         : whole_number(std::string_view(text).substr(slash + 1));
  if (number && count) return checked(*number, *count, "--shard " + text);
  throw Error(ErrorCode::kUsage, "--shard = " + request::in_quotes(text) +
                                     ": expected auto or K/N with K from 1 to N, such as 1/4");
}

}  // namespace acestep::batch
