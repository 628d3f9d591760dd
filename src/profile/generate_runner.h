// Makes the songs of the tier test, each run in a process of its own: a cap on a card's memory and
// what an allocator keeps do not reach into the next run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "profile/tier_test.h"
#include "profile/work_folder.h"
#include "util/stop_token.h"

namespace acestep::profile {

struct GenerateSettings {
  std::filesystem::path program = "/proc/self/exe";
  std::vector<std::string> passed_on = {};  // options given through, "--checkpoint_dir=models"
  int64_t steps = 8;
  int64_t seed = 42;  // of the first song; the others follow
};

class GenerateRunner final : public Runner {
 public:
  // Both references must outlive it.
  GenerateRunner(GenerateSettings settings, WorkFolder& folder, const util::StopToken& stop);

  TierRecord make(const TierRun& run) override;

 private:
  GenerateSettings settings_;
  WorkFolder& folder_;
  const util::StopToken& stop_;
  std::filesystem::path request_;  // the example song
};

// The arguments behind the program's name: `acestep generate --max_vram 8 …`.
std::vector<std::string> generate_arguments(const TierRun& run, const GenerateSettings& settings,
                                            const std::filesystem::path& request,
                                            const std::filesystem::path& songs);

// Variables that would decide instead of the size under test.
std::vector<std::string> hidden_variables();

}  // namespace acestep::profile
