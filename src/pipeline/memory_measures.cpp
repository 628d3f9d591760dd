#include "pipeline/memory_measures.h"

namespace acestep::pipeline {
namespace {

std::optional<song::Adjustment> told(bool is_new, song::Adjustment adjustment) {
  return is_new ? std::optional(std::move(adjustment)) : std::nullopt;
}

}  // namespace

std::vector<memory::Rung> allowed(const Components& components, std::vector<memory::Rung> rungs) {
  if (!components.policy().may_adapt) rungs.clear();
  return rungs;
}

std::optional<song::Adjustment> offload_idle_models(Components& components) {
  if (!components.policy().may_offload) return std::nullopt;
  return told(components.offload_idle(), {"offload_to_cpu", "off", "on", {}});
}

std::optional<song::Adjustment> stream_blocks(Components& components) {
  if (!components.policy().may_stream) return std::nullopt;
  return told(components.stream_dit_blocks(), {"stream_dit_blocks", "off", "on", {}});
}

std::optional<song::Adjustment> compose_on_cpu(Components& components) {
  return told(components.move_language_model_to_cpu(), {"lm_device", "gpu", "cpu", {}});
}

std::optional<song::Adjustment> condition_on_cpu(Components& components) {
  return told(components.move_conditioning_to_cpu(), {"condition_device", "gpu", "cpu", {}});
}

}  // namespace acestep::pipeline
