#include <ATen/ATen.h>

#include "golden/models/checkpoint.h"
#include "golden/models/runners.h"
#include "models/dit.h"
#include "models/dit_time_embedding.h"

namespace acestep::golden {
namespace {

// Root-mean-square error of one forward in bfloat16, of the reference's standard deviation: what
// the reference itself shows in bfloat16 is 1.2e-2.
constexpr double kBfloat16Bound = 3e-2;

at::Tensor forward(const models::Dit& dit, const Case& the_case, at::ScalarType dtype,
                   models::DitTrace* trace = nullptr) {
  const models::CrossStates cross =
      dit.prepare(the_case.tensor("in.encoder_hidden_states").to(dtype), nullptr, trace);
  return dit.velocity(the_case.tensor("in.hidden_states").to(dtype),
                      the_case.tensor("in.context_latents").to(dtype),
                      the_case.tensor("in.timestep"), the_case.tensor("in.timestep_r"), cross,
                      nullptr, trace);
}

double relative_rms(const at::Tensor& actual, const at::Tensor& expected) {
  const at::Tensor error = actual.to(at::kDouble) - expected.to(at::kDouble);
  return error.square().mean().sqrt().item<double>() /
         expected.to(at::kDouble).std(/*unbiased=*/false).item<double>();
}

}  // namespace

void run_dit_forward(const Case& the_case, Check& check) {
  const DitCheckpoint checkpoint = open_checkpoint(the_case);
  const auto dit = load_part<models::Dit>(checkpoint, models::dit_part::kDecoder);
  models::DitTrace trace;
  const at::Tensor velocity = forward(dit, the_case, at::kFloat, &trace);
  for (const auto& [name, actual] : trace) {
    if (the_case.has("mid." + name)) check.tensor("mid." + name, actual);
  }
  check.tensor("out.velocity", velocity);
  // The reference's masks change nothing: it discards them.
  if (the_case.has("out.velocity_all_ones_masks")) {
    check.tensor("out.velocity_all_ones_masks", velocity);
  }

  const auto half = load_part<models::Dit>(checkpoint, models::dit_part::kDecoder, at::kBFloat16);
  const at::Tensor rounded = forward(half, the_case, at::kBFloat16);
  check.measured("rms of out.velocity in bfloat16",
                 relative_rms(rounded, the_case.tensor("out.velocity")), kBfloat16Bound);
}

void run_time_features(const Case& the_case, Check& check) {
  const at::Tensor& t = the_case.tensor("in.t");
  for (const auto& [name, input] :
       {std::pair<std::string, at::Tensor>("out.features", t),
        std::pair<std::string, at::Tensor>("out.features_bf16_t", t.to(at::kBFloat16))}) {
    if (!the_case.has(name)) continue;
    check.tensor(name, models::time_features(input, the_case.tensor(name).size(1)));
  }
}

}  // namespace acestep::golden
