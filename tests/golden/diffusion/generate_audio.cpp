// The whole sampling call of a model: conditions, noise, every model call and the final latents.
#include <ATen/ATen.h>

#include <optional>

#include "condition/context.h"
#include "diffusion/denoiser.h"
#include "diffusion/dit_velocity.h"
#include "golden/diffusion/model_bundle.h"
#include "golden/diffusion/runners.h"
#include "golden/diffusion/sampling_options.h"
#include "golden/diffusion/sampling_record.h"

namespace acestep::golden {
namespace {

using nlohmann::json;

constexpr double kExact = 0.0;

models::PackedCondition pack(const ModelBundle& model, const Case& c, const std::string& text) {
  return model.condition_encoder(
      c.tensor("in." + text + "_hidden_states"), c.tensor("in." + text + "_attention_mask"),
      c.tensor("in.lyric_hidden_states"), c.tensor("in.lyric_attention_mask"),
      c.tensor("in.refer_audio_acoustic_hidden_states_packed"),
      c.tensor("in.refer_audio_order_mask"));
}

at::Tensor cover_hints(const ModelBundle& model, const Case& c) {
  if (c.has("in.precomputed_lm_hints_25Hz")) return c.tensor("in.precomputed_lm_hints_25Hz");
  return condition::hints_from_source(c.tensor("in.src_latents"), model.silence, model.tokenizer,
                                      model.detokenizer);
}

song::Conditioning conditioning_of(const ModelBundle& model, const Case& c, Check& check) {
  song::Conditioning result;
  result.source = c.tensor("in.src_latents");
  result.frames = result.source.size(1);
  result.requested_frames = result.frames;
  const at::Tensor& chunk = c.tensor("in.chunk_masks");
  const at::Tensor heard =
      condition::replace_covers(result.source, cover_hints(model, c), c.tensor("in.is_covers"));
  const models::PackedCondition packed = pack(model, c, "text");
  result.conditions = {packed.states, packed.mask, condition::make_context(heard, chunk)};
  check.tensor("mid.encoder_hidden_states", packed.states);
  check.tensor("mid.encoder_attention_mask", packed.mask);
  check.tensor("mid.context_latents", result.conditions.context);

  if (c.has("in.non_cover_text_hidden_states")) {
    const at::Tensor silence = condition::silence_frames(model.silence, result.frames);
    const models::PackedCondition other = pack(model, c, "non_cover_text");
    result.without_cover = song::ConditionSet{
        other.states, other.mask, condition::make_context(silence.expand_as(result.source), chunk)};
    check.tensor("mid.encoder_hidden_states_non_cover", other.states);
    check.tensor("mid.encoder_attention_mask_non_cover", other.mask);
    check.tensor("mid.context_latents_non_cover", result.without_cover->context);
  }
  if (c.has("in.repaint_mask")) {
    result.kept = song::KeptSource{c.tensor("in.repaint_mask").to(at::kBool),
                                   c.tensor("in.clean_src_latents")};
  }
  return result;
}

// Our generators give the noise of the case, bit for bit; returns the given noise, mixed for a
// retake.
at::Tensor start_noise(const Case& c, const json& params, Check& check) {
  at::Tensor noise = c.tensor("mid.noise");
  const int64_t songs = noise.size(0);
  const int64_t frames = noise.size(1);
  check.tensor("mid.noise", noise_streams(params.at("seed"), songs).draw(frames), kExact);
  const double variance = params.value("retake_variance", 0.0);
  if (variance <= 0.0) return noise;
  const at::Tensor& other = c.tensor("mid.retake_noise");
  check.tensor("mid.retake_noise", noise_streams(params.at("retake_seed"), songs).draw(frames),
               kExact);
  return diffusion::mix_retake(noise, other, variance);
}

void compare_step_noise(const Case& c, const json& params, Check& check) {
  if (!c.has("mid.sde_noise")) return;
  const at::Tensor& expected = c.tensor("mid.sde_noise");
  auto streams = diffusion::NoiseStreams::shared(
      diffusion::make_generator(params.at("global_manual_seed")), expected.size(1));
  std::vector<at::Tensor> draws;
  for (int64_t k = 0; k < expected.size(0); ++k) draws.push_back(streams.draw(expected.size(2)));
  check.tensor("mid.sde_noise", at::stack(draws), kExact);
}

void compare_calls(const Case& c, const SamplingRecord& record, Check& check) {
  check.tensor("mid.model_t", record.levels(), 1e-6);
  check.tensor("mid.x_first", record.x(0), kLoopBound);
  check.tensor("mid.velocity_first", record.velocity(0), kLoopBound);
  if (c.has("mid.x")) check.tensor("mid.x", record.all_x(), kLoopBound);
  if (c.has("mid.velocity")) check.tensor("mid.velocity", record.all_velocities(), kLoopBound);
}

}  // namespace

void run_generate_audio(const Case& the_case, Check& check) {
  const json& params = the_case.entry.at("params");
  const ModelBundle model =
      load_model_bundle(the_case.checkpoints / the_case.entry.at("model").get<std::string>());
  const song::Conditioning conditioning = conditioning_of(model, the_case, check);
  const diffusion::DenoiseOptions options = denoise_options(params, model.config);

  auto step_streams = diffusion::NoiseStreams::shared(
      diffusion::make_generator(params.value("global_manual_seed", uint64_t{0})),
      conditioning.source.size(0));
  const diffusion::DenoiseNoise noise{start_noise(the_case, params, check), &step_streams};
  compare_step_noise(the_case, params, check);

  const bool is_guided = options.guidance.scale > 1.0;
  diffusion::DitVelocity dit(model.dit, is_guided ? model.null_condition : at::Tensor());
  SamplingRecord record(dit);
  QuietObserver observer;
  const song::Latents latents =
      diffusion::Denoiser(record).run(conditioning, noise, options, {observer, {}});
  compare_calls(the_case, record, check);
  check.tensor("out.latents", latents.values, kLoopBound);
}

}  // namespace acestep::golden
