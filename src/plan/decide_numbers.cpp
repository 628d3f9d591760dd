#include "plan/draft.h"

namespace acestep::plan {
namespace {

// As device::choose_precision() does, which knows the machine it runs on.
Decided<std::string> usual_dtype(const Draft& draft) {
  const Device& device = draft.plan.device;
  if (draft.wishes.follows_reference) {
    return {"fp32", "the reference's on a processor", Source::kForced};
  }
  if (!device.compute) {
    const bool has = draft.surroundings.has_fast_bfloat16;
    return {has ? "bf16" : "fp32",
            has ? "the processor computes bf16 fast" : "the processor has no fast bf16",
            Source::kDefault};
  }
  const std::string name = "compute capability " + capability_text(*device.compute);
  if (device.compute->is_rocm) return {"fp32", name, draft.default_source()};
  if (device.compute->has_bfloat16()) return {"bf16", name + " >= 8.0", draft.default_source()};
  return {"fp16", name + " < 8.0 has no bf16", draft.default_source()};
}

}  // namespace

void decide_numbers(Draft& draft) {
  Plan& plan = draft.plan;
  const auto& asked = draft.wishes.dtype;
  plan.dtype = asked && *asked != "auto" ? Decided<std::string>{*asked, "asked for", Source::kUser}
                                         : usual_dtype(draft);
  const auto& compute = plan.device.compute;
  const bool is_plain = compute && compute->major < 8;
  plan.attention = {is_plain ? "eager" : "sdpa",
                    is_plain ? "compute capability " + capability_text(*compute) +
                                   " < 8.0 has no fused kernels for it"
                             : "libtorch takes the fastest kernel of the device",
                    draft.default_source()};
  plan.compile_model = {false, "libtorch runs the model as it is; INT8 does not depend on it",
                        Source::kDefault};
  if (draft.wishes.compile_model.value_or(false)) {
    draft.warn("compile_model has no effect: there is no compiler of models in this program");
  }
}

}  // namespace acestep::plan
