// What any stage can do when the device's memory runs out, told as an adjustment of the option that
// would have asked for it.
#pragma once

#include <optional>
#include <vector>

#include "memory/oom_ladder.h"
#include "pipeline/components.h"
#include "song/observer.h"

namespace acestep::pipeline {

// The measures that a stage may take: none where the policy allows no adjustment.
std::vector<memory::Rung> allowed(const Components& components, std::vector<memory::Rung> rungs);

// Absent where it is in force already, or where the user has said no.
std::optional<song::Adjustment> offload_idle_models(Components& components);
std::optional<song::Adjustment> stream_blocks(Components& components);
std::optional<song::Adjustment> compose_on_cpu(Components& components);
std::optional<song::Adjustment> condition_on_cpu(Components& components);

}  // namespace acestep::pipeline
