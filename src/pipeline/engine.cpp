#include "pipeline/engine.h"

#include <ATen/ATen.h>

#include <utility>

#include "audio/mastering.h"
#include "codec/decoder.h"
#include "codec/levels.h"
#include "condition/conditioner.h"
#include "diffusion/denoiser.h"
#include "diffusion/dit_velocity.h"
#include "pipeline/batches.h"
#include "pipeline/compose.h"
#include "pipeline/render_options.h"
#include "util/error.h"
#include "util/stopwatch.h"

namespace acestep::pipeline {
namespace {

// Adds the time until its end, without loading, to a stage's total.
class StageTimer {
 public:
  StageTimer(Rendering& rendering, const std::string& stage, const Components& components)
      : seconds_(rendering.seconds[stage]),
        components_(components),
        loaded_before_(components.load_seconds()) {}
  ~StageTimer() { seconds_ += watch_.seconds() - (components_.load_seconds() - loaded_before_); }
  StageTimer(const StageTimer&) = delete;
  StageTimer& operator=(const StageTimer&) = delete;

 private:
  double& seconds_;
  const Components& components_;
  double loaded_before_;
  util::Stopwatch watch_;
};

// A decoded sample depends on about 9 latent frames to either side: 3 through the first
// convolution, 1 + 39/10 through the first block, less than 1 through all others. 16 frames of
// overlap therefore give the reference's samples, whose own 64 frames only cost time.
constexpr codec::Tiling kDecodeTiling{.chunk = 256, .overlap = 16};

codec::TileObserver tell_tiles(const song::StageContext& context, int64_t batch, int64_t batches) {
  return [&context, batch, batches](const codec::TileProgress& at) {
    const int64_t tiles_of_batch = at.items * at.tiles;
    const int64_t done = (at.item - 1) * at.tiles + at.tile;
    context.observer.step(batch * tiles_of_batch + done, batches * tiles_of_batch);
    context.stop_here_if_asked();
  };
}

}  // namespace

// What the stages hand on for one request. Songs of one batch are computed together.
struct Engine::Work {
  const request::GenerationRequest* request;
  std::vector<Batch> batches;
  at::Generator global;  // with follows_reference alone: what the reference calls torch's generator
  Rendering rendering;
  std::vector<song::Latents> latents;  // per batch
};

Engine::Engine(Components& components, const EngineOptions& options,
               const song::StageContext& context)
    : components_(components), options_(options), context_(context) {}

Engine::~Engine() = default;

Rendering Engine::render(const request::GenerationRequest& request) {
  c10::InferenceMode no_gradients;
  Work work{
      &request,
      plan_batches(request, options_.follows_reference ? Grouping::kTogether : Grouping::kOneByOne),
      {},
      {},
      {}};
  if (options_.follows_reference) {
    work.global = diffusion::make_generator(options_.global_seed.value_or(random_seed()));
  }
  attempt(work, &Engine::compose);
  attempt(work, &Engine::make_latents);
  attempt(work, &Engine::decode);
  master(work);
  work.rendering.seconds["model_load_time"] = components_.load_seconds();
  return std::move(work.rendering);
}

// fp16 can overflow where float32 does not: the one failure that is worth a second try, from where
// the first began.
void Engine::attempt(Work& work, Stage stage) {
  if (!components_.precision().retries_in_float32) return (this->*stage)(work);
  Work before = work;
  if (work.global.defined()) before.global = work.global.clone();
  try {
    return (this->*stage)(work);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kRejected) throw;
    context_.observer.adjustment({"dtype", "fp16", "fp32", error.message()});
  }
  components_.fall_back_to_float32();
  work = std::move(before);
  (this->*stage)(work);
}

void Engine::make_latents(Work& work) {
  condition(work);
  denoise(work);
}

song::StageContext Engine::stage_context() const {
  song::StageContext context = context_;
  context.device = components_.device();
  context.dtype = components_.precision().activations;
  return context;
}

void Engine::compose(Work& work) {
  const StageTimer timer(work.rendering, "lm_total_time", components_);
  const ComposeStage stage{components_, context_, work.global};
  for (Batch& batch : work.batches) stage.run(*work.request, batch, work.rendering.passes);
  components_.drop_language_model();
  for (const lm::ComposePass& pass : work.rendering.passes) {
    const bool writes_codes =
        pass.request.grammar && pass.request.grammar->phase == lm::Phase::kCodes;
    auto& seconds = work.rendering.seconds;
    seconds[writes_codes ? "lm_phase2_time" : "lm_phase1_time"] += pass.result.seconds;
    seconds["lm_prompt_time"] += pass.result.prompt_seconds;
    seconds["lm_constraint_time"] += pass.result.constraint_seconds;
  }
}

void Engine::condition(Work& work) {
  const StageTimer timer(work.rendering, "dit_encoder_time_cost", components_);
  const ConditionModels& models = components_.condition_models();
  const condition::Conditioner conditioner(
      {.text_encoder = models.text_encoder,
       .condition_encoder = models.condition_encoder,
       .tokenizer = models.audio_tokenizer,
       .detokenizer = models.audio_detokenizer,
       .silence = components_.silence(),
       .pad_id = models.tokenizer.pad_id(),
       .reference_frames = components_.dit_config().timbre_frames});
  for (const Batch& batch : work.batches) {
    const auto songs =
        condition_requests(*work.request, batch, models.tokenizer, work.rendering.texts);
    work.rendering.conditions.push_back(conditioner.run(songs, stage_context()));
  }
  components_.drop_condition_models();
}

void Engine::denoise(Work& work) {
  const StageTimer timer(work.rendering, "dit_diffusion_time_cost", components_);
  const DiffusionModel& model = components_.diffusion_model();
  const diffusion::DenoiseOptions options =
      denoise_options(*work.request, components_.dit_config());
  const bool is_guided = options.guidance.scale > 1.0;
  diffusion::DitVelocity velocity(model.dit, is_guided ? model.null_condition : at::Tensor());
  diffusion::Denoiser denoiser(velocity);
  work.rendering.levels = options.schedule.levels;
  const NoiseSources sources{.model_device = components_.device(),
                             .random_device = options_.random_source == RandomSource::kDevice
                                                  ? components_.device()
                                                  : at::Device(at::kCPU),
                             .shared = work.global};
  for (std::size_t i = 0; i < work.batches.size(); ++i) {
    const song::Conditioning& conditioning = work.rendering.conditions[i];
    BatchNoise noise(work.batches[i], *work.request, conditioning.frames, sources);
    work.latents.push_back(
        denoiser.run(conditioning, noise.for_denoiser(), options, stage_context()));
    require_signal(work.latents.back().values, options.schedule.steps(),
                   static_cast<int64_t>(i) + 1);
  }
  components_.drop_diffusion_model();
}

void Engine::decode(Work& work) {
  const StageTimer timer(work.rendering, "dit_vae_decode_time_cost", components_);
  const models::OobleckDecoder& decoder = components_.decoder();
  const auto batches = static_cast<int64_t>(work.batches.size());
  const codec::Tiling tiling =
      options_.follows_reference ? codec::kDefaultDecodeTiling : kDecodeTiling;
  context_.observer.stage("decode");
  for (int64_t i = 0; i < batches; ++i) {
    const at::Tensor latents =
        codec::scale_latents(work.latents[static_cast<std::size_t>(i)].values,
                             {work.request->latent_shift, work.request->latent_rescale});
    at::Tensor audio = codec::decode_tiles(decoder, latents.transpose(1, 2), tiling,
                                           tell_tiles(context_, i, batches));
    codec::limit_peaks(audio);
    add_songs(work, static_cast<std::size_t>(i), latents, audio);
  }
  components_.drop_decoder();
}

// A song shorter than the shortest that the DiT makes is cut to its asked length
// (the reference delivers all of it).
void Engine::add_songs(Work& work, std::size_t batch_index, const at::Tensor& latents,
                       const at::Tensor& audio) const {
  const Batch& batch = work.batches[batch_index];
  const song::Conditioning& conditioning = work.rendering.conditions[batch_index];
  const int64_t frames =
      options_.follows_reference ? conditioning.frames : conditioning.requested_frames;
  const int64_t samples = audio.size(2) / conditioning.frames * frames;
  for (int64_t i = 0; i < audio.size(0); ++i) {
    const auto song = static_cast<std::size_t>(i);
    work.rendering.songs.push_back(
        {.seeds = batch.seeds[song],
         .composition = batch.compositions[song],
         .latents = latents[i].narrow(0, 0, frames).to(at::kCPU, at::kFloat),
         .waveform = codec::to_waveform(audio[i].narrow(1, 0, samples),
                                        components_.vae_config().sampling_rate_hz)});
    const std::string where = "decode: song " + std::to_string(work.rendering.songs.size());
    audio::require_audible(work.rendering.songs.back().waveform, where);
  }
}

void Engine::master(Work& work) {
  const StageTimer timer(work.rendering, "mastering_time", components_);
  context_.observer.stage("master");
  for (Song& song : work.rendering.songs) master_song(song.waveform, *work.request);
}

}  // namespace acestep::pipeline
