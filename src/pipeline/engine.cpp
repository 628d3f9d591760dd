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

codec::TileObserver tell_tiles(const song::StageContext& context) {
  return [&context](const codec::TileProgress& at) {
    context.observer.step((at.item - 1) * at.tiles + at.tile, at.items * at.tiles);
    context.stop_here_if_asked();
  };
}

}  // namespace

// What the stages hand on for one request. Songs of one batch are computed together.
struct Engine::Work {
  const request::GenerationRequest* request;
  std::vector<Batch> batches;
  at::Generator global =
      {};  // with follows_reference alone: what the reference calls torch's generator
  Rendering rendering = {};
  std::vector<song::Latents> latents = {};  // per batch
  std::size_t next = 0;                     // the batch to be decoded
  std::vector<Song> decoded = {};           // its songs
  std::size_t handed_over = 0;              // songs
};

Engine::Engine(Components& components, const EngineOptions& options,
               const song::StageContext& context)
    : components_(components), options_(options), context_(context) {}

Engine::~Engine() = default;

Rendering Engine::render(const request::GenerationRequest& request, const SongSink& sink) {
  c10::InferenceMode no_gradients;
  Work work{.request = &request,
            .batches = plan_batches(
                request, options_.follows_reference ? Grouping::kTogether : Grouping::kOneByOne)};
  const double loaded_before = components_.load_seconds();
  if (options_.follows_reference) {
    work.global = diffusion::make_generator(options_.global_seed.value_or(random_seed()));
  }
  attempt(work, &Engine::compose);
  attempt(work, &Engine::make_latents);
  for (work.next = 0; work.next < work.batches.size(); ++work.next) {
    attempt(work, &Engine::decode_next);
    hand_over(work, sink);
  }
  components_.release_decoder();
  work.rendering.seconds["model_load_time"] = components_.load_seconds() - loaded_before;
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
  components_.release_language_model();
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
  components_.release_condition_models();
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
  components_.release_diffusion_model();
}

void Engine::decode_next(Work& work) {
  const StageTimer timer(work.rendering, "dit_vae_decode_time_cost", components_);
  context_.observer.stage("decode");
  const codec::Tiling tiling =
      options_.follows_reference ? codec::kDefaultDecodeTiling : kDecodeTiling;
  const at::Tensor latents = codec::scale_latents(
      work.latents[work.next].values, {work.request->latent_shift, work.request->latent_rescale});
  at::Tensor audio = codec::decode_tiles(components_.decoder(), latents.transpose(1, 2), tiling,
                                         tell_tiles(context_));
  codec::limit_peaks(audio);
  add_songs(work, latents, audio);
}

// A song shorter than the shortest that the DiT makes is cut to its asked length
// (the reference delivers all of it).
void Engine::add_songs(Work& work, const at::Tensor& latents, const at::Tensor& audio) const {
  const Batch& batch = work.batches[work.next];
  const song::Conditioning& conditioning = work.rendering.conditions[work.next];
  const int64_t frames =
      options_.follows_reference ? conditioning.frames : conditioning.requested_frames;
  const int64_t samples = audio.size(2) / conditioning.frames * frames;
  for (int64_t i = 0; i < audio.size(0); ++i) {
    const auto song = static_cast<std::size_t>(i);
    work.decoded.push_back(
        {.seeds = batch.seeds[song],
         .composition = batch.compositions[song],
         .latents = latents[i].narrow(0, 0, frames).to(at::kCPU, at::kFloat),
         .waveform = codec::to_waveform(audio[i].narrow(1, 0, samples),
                                        components_.vae_config().sampling_rate_hz)});
    const std::string where = "decode: song " + std::to_string(work.handed_over + song + 1);
    audio::require_audible(work.decoded.back().waveform, where);
  }
}

void Engine::hand_over(Work& work, const SongSink& sink) {
  for (Song& song : work.decoded) {
    context_.observer.stage("master");
    {
      const StageTimer timer(work.rendering, "mastering_time", components_);
      master_song(song.waveform, *work.request);
    }
    ++work.handed_over;
    if (sink) {
      sink(std::move(song), work.rendering);
    } else {
      work.rendering.songs.push_back(std::move(song));
    }
  }
  work.decoded.clear();
}

}  // namespace acestep::pipeline
