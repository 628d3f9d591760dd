#include "golden/tiers/reference.h"
#include "golden/tiers/runners.h"

namespace acestep::golden {
namespace {

std::string torch_name(const std::string& dtype) {
  if (dtype == "bf16") return "bfloat16";
  return dtype == "fp16" ? "float16" : "float32";
}

void check_asked_quantization(const Call& call, Check& check) {
  std::string used = "error";
  const plan::Wishes wishes = {.quantization = call.in.at("value").get<std::string>()};
  is_refused([&] { used = plan_of(device_of("cuda", 24), wishes).quantization.value; });
  std::string expected = "error";
  if (!call.out.contains("error")) expected = text_or(call.out.at("value"), "none");
  if (expected == "fp8_weight_only") expected = "int8_weight_only";  // told, and INT8 instead
  check.equal(call.id, used, expected);
}

void check_usual_quantization(const Call& call, Check& check) {
  const std::string kind = call.in.at("device");
  if (is_foreign(kind)) return;
  plan::Wishes wishes;
  if (!call.in.at("enabled").get<bool>()) wishes.quantization = "none";
  const plan::Plan plan = plan_of(
      device_of(kind == "auto" ? "cuda" : kind, 10, call.in.at("compute_capability")), wishes);
  // The processor keeps full precision.
  const std::string theirs = text_or(call.out.at("quantization"), "none");
  check.equal(call.id, plan.quantization.value, kind == "cpu" ? "none" : theirs);
}

}  // namespace

void run_dtype_attention(const Case& the_case, Check& check) {
  for_each_call(the_case, check, [&](const Call& call) {
    const std::string kind = call.in.at("device");
    if (is_foreign(kind)) return;
    const plan::Plan plan = plan_of(device_of(kind, 10, call.in.at("compute_capability")));
    // ACESTEP_ROCM_DTYPE is not read: --dtype says it for every device.
    const bool is_variable = !call.in.at("ACESTEP_ROCM_DTYPE").is_null();
    check.equal(call.id, torch_name(plan.dtype.value),
                is_variable ? "float32" : call.out.at("dit_dtype").get<std::string>());
    // Fused kernels are chosen by libtorch: there is no package to find.
    const std::string first = call.out.at("attention_order").at(0);
    check.equal(call.id + "/attention", plan.attention.value, first == "eager" ? "eager" : "sdpa");
  });
}

// Which layers are quantised is shown by the rows of the layers themselves, not by the plan.
void run_quantization(const Case& the_case, Check& check) {
  for_each_call(the_case, check, [&](const Call& call) {
    const std::string function = call.in.at("fn");
    if (function == "parse_arg") check_asked_quantization(call, check);
    if (function == "ui_choice") check_usual_quantization(call, check);
  });
}

}  // namespace acestep::golden
