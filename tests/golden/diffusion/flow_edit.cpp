// A song edited from one description to another: the noise of every step and the final latents.
#include "diffusion/flow_edit.h"

#include <ATen/ATen.h>

#include "condition/context.h"
#include "diffusion/dit_velocity.h"
#include "golden/diffusion/model_bundle.h"
#include "golden/diffusion/runners.h"
#include "golden/diffusion/sampling_options.h"
#include "golden/diffusion/sampling_record.h"

namespace acestep::golden {
namespace {

using nlohmann::json;

constexpr double kExact = 0.0;

song::ConditionSet condition_set(const ModelBundle& model, const Case& c, const std::string& side,
                                 const at::Tensor& context) {
  const models::PackedCondition packed = model.condition_encoder(
      c.tensor("in." + side + "text_hidden_states"), c.tensor("in." + side + "text_attention_mask"),
      c.tensor("in." + side + "lyric_hidden_states"),
      c.tensor("in." + side + "lyric_attention_mask"),
      c.tensor("in.refer_audio_acoustic_hidden_states_packed"),
      c.tensor("in.refer_audio_order_mask"));
  return {packed.states, packed.mask, context};
}

song::Conditioning conditioning_of(const ModelBundle& model, const Case& c) {
  const at::Tensor& heard = c.tensor("in.ctx_src_latents");
  const at::Tensor hints =
      condition::hints_from_source(heard, model.silence, model.tokenizer, model.detokenizer);
  const at::Tensor context =
      condition::make_context(condition::replace_covers(heard, hints, c.tensor("in.is_covers")),
                              c.tensor("in.chunk_masks"));
  song::Conditioning result;
  result.conditions = condition_set(model, c, "target_", context);
  result.of_source = condition_set(model, c, "", context);
  result.source = c.tensor("in.src_latents");
  result.frames = result.requested_frames = result.source.size(1);
  return result;
}

// The data's calls go around the turbo model's own, which would leave guidance out.
diffusion::FlowEditOptions edit_options(const json& params) {
  constexpr double kDefaultGuidance = 15.0;  // of the reference's flowedit_generate_audio
  return {
      .schedule = diffusion::make_edit_schedule({.steps = params.at("infer_steps").get<int64_t>(),
                                                 .shift = params.at("shift").get<double>()}),
      .guidance = {.scale = params.value("diffusion_guidance_scale", kDefaultGuidance)},
      .velocity_norm_threshold = params.value("velocity_norm_threshold", 0.0),
      .velocity_ema_factor = params.value("velocity_ema_factor", 0.0),
      .first_share = params.value("edit_n_min", 0.0),
      .last_share = params.value("edit_n_max", 1.0),
      .draws = params.value("edit_n_avg", int64_t{1})};
}

void compare_noise(const Case& c, const json& params, Check& check) {
  const at::Tensor& expected = c.tensor("mid.forward_noise");
  auto streams = noise_streams(params.at("seed"), expected.size(1));
  std::vector<at::Tensor> draws;
  for (int64_t k = 0; k < expected.size(0); ++k) draws.push_back(streams.draw(expected.size(2)));
  check.tensor("mid.forward_noise", at::stack(draws), kExact);
}

}  // namespace

void run_flow_edit(const Case& the_case, Check& check) {
  const json& params = the_case.entry.at("params");
  const ModelBundle model =
      load_model_bundle(the_case.checkpoints / the_case.entry.at("model").get<std::string>());
  const song::Conditioning conditioning = conditioning_of(model, the_case);
  const diffusion::FlowEditOptions options = edit_options(params);
  compare_noise(the_case, params, check);

  const at::Tensor nothing = options.guidance.scale > 1.0 ? model.null_condition : at::Tensor();
  diffusion::DitVelocity before(model.dit, nothing);
  diffusion::DitVelocity after(model.dit, nothing);
  auto noise = noise_streams(params.at("seed"), conditioning.source.size(0));
  QuietObserver observer;
  const song::Latents latents =
      diffusion::FlowEditor(before, after).run(conditioning, noise, options, {observer, {}});
  check.tensor("out.latents", latents.values, kLoopBound);
}

}  // namespace acestep::golden
