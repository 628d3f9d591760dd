// What every size of card would be tested with: the plan of each variant, and what is left out.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "plan/plan.h"
#include "profile/tier_record.h"

namespace acestep::profile {

// The reference's sizes and 20, where its guide promises that offload and INT8 end.
std::vector<double> default_sizes_gb();

struct TierTestOptions {
  std::vector<double> sizes_gb = default_sizes_gb();
  double seconds = 240;  // of a song; a tier's limit shortens it
  bool with_lm = false;  // where the tier has one
  bool boundary = false;
  bool batch_boundary = false;
};

// Why a run does not take place.
struct Skip {
  double size_gb = 0;
  std::string tier;
  std::string variant;
  std::string reason;
};

enum class Variant { kDefault, kNoQuant, kNoOffload };
std::string_view variant_name(Variant variant);

// Below this size nothing runs without offload: not even tried (reference: profile_inference.py).
inline constexpr double kLeastGbWithoutOffload = 8;

class TierPlanner {
 public:
  // device_of: a card of that size in GB. wishes: what the user asks of every run.
  TierPlanner(TierTestOptions options, std::function<plan::Device(double)> device_of,
              plan::Wishes wishes, plan::Surroundings surroundings);

  const TierTestOptions& options() const { return options_; }

  // The tier's own plan for one song, with what is changed and warned of.
  plan::Plan default_plan(double size_gb) const;

  TierRun run_of(double size_gb, Variant variant) const;
  // Absent: the variant takes place.
  std::optional<Skip> skip_of(double size_gb, Variant variant) const;

  enum class LmUse { kNone, kWanted };
  TierRun batch_run(double size_gb, LmUse lm, int64_t songs) const;
  // Of the runs with a language model: a tier without one, or none that is installed.
  std::optional<Skip> lm_skip_of(double size_gb) const;

 private:
  plan::Plan make(double size_gb, Variant variant, LmUse lm) const;
  LmUse usual_lm(double size_gb) const;

  TierTestOptions options_;
  std::function<plan::Device(double)> device_of_;
  plan::Wishes wishes_;
  plan::Surroundings surroundings_;
};

}  // namespace acestep::profile
