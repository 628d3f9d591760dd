#include "pipeline/engine.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <utility>

#include "audio/mastering.h"
#include "codec/levels.h"
#include "condition/context.h"
#include "diffusion/noise.h"
#include "memory/oom_ladder.h"
#include "pipeline/batches.h"
#include "pipeline/code_score_stage.h"
#include "pipeline/compose.h"
#include "pipeline/condition_stage.h"
#include "pipeline/denoise_stage.h"
#include "pipeline/encode_stage.h"
#include "pipeline/finished_song.h"
#include "pipeline/listen_stage.h"
#include "pipeline/master_song.h"
#include "pipeline/memory_measures.h"
#include "pipeline/reference_audio.h"
#include "pipeline/render_options.h"
#include "pipeline/source_latents.h"
#include "pipeline/stage_timer.h"
#include "pipeline/task_source.h"
#include "util/error.h"
#include "util/stopwatch.h"

namespace acestep::pipeline {
namespace {

// What is known of a song once it is composed.
Song song_of(const Batch& batch, std::size_t index) {
  Song song{.seeds = batch.seeds[index], .composition = batch.compositions[index]};
  if (!batch.rewritten.empty()) song.rewritten = batch.rewritten[index];
  return song;
}

}  // namespace

// What the stages hand on for one request. Songs of one batch are computed together.
struct Engine::Work {
  const request::GenerationRequest* request;
  const TaskSource* source = nullptr;  // what the task works on, if it takes anything
  const PreviewSink* previews = nullptr;
  std::vector<Batch> batches = {};
  // With follows_reference alone: what the reference calls torch's generator.
  at::Generator global = {};
  const ReferenceAudio* reference = nullptr;  // what the songs are to sound like, if anything
  SongLatents references = {};                // [R, 64] each; empty: none
  Rendering rendering = {};
  SongLatents sources = {};                 // [T, 64] each; empty: none
  std::vector<song::Latents> latents = {};  // per batch
  std::size_t next = 0;                     // the batch to be decoded
  std::vector<Song> decoded = {};           // its songs

  // The place of the first song of the batch to be decoded.
  std::size_t first_place() const {
    std::size_t place = 0;
    for (std::size_t i = 0; i < next; ++i) place += batches[i].seeds.size();
    return place;
  }
  bool keeps(std::size_t place) const {
    return std::find(rendering.kept.begin(), rendering.kept.end(), place) != rendering.kept.end();
  }
  bool keeps_some_of_next() const {
    const std::size_t first = first_place();
    for (std::size_t i = 0; i < batches[next].seeds.size(); ++i) {
      if (keeps(first + i)) return true;
    }
    return false;
  }
};

Engine::Engine(Components& components, const EngineOptions& options,
               const song::StageContext& context)
    : components_(components), options_(options), context_(context) {}

Engine::~Engine() = default;

Engine::Work Engine::begin(const request::GenerationRequest& request) const {
  Work work{.request = &request,
            .batches = plan_batches(
                request, options_.follows_reference ? Grouping::kTogether : Grouping::kOneByOne)};
  if (options_.follows_reference) {
    work.global = diffusion::make_generator(options_.global_seed.value_or(random_seed()));
  }
  return work;
}

Rendering Engine::compose_only(const request::GenerationRequest& request) {
  c10::InferenceMode no_gradients;
  Work work = begin(request);
  attempt(work, &Engine::compose);
  for (const Batch& batch : work.batches) {
    for (std::size_t i = 0; i < batch.seeds.size(); ++i) {
      work.rendering.songs.push_back(song_of(batch, i));
    }
  }
  components_.end_request();
  return std::move(work.rendering);
}

Rendering Engine::render(const request::GenerationRequest& request, const SongSink& sink,
                         const PreviewSink& previews) {
  c10::InferenceMode no_gradients;
  require_ears(components_, options_.review);
  const audio::DecoderCall decoder{.command = options_.decoder, .check_stop = context_.check_stop};
  const auto reference =
      options_.opened_reference ? options_.opened_reference : open_reference(request, decoder);
  const auto source = options_.opened_source
                          ? options_.opened_source
                          : open_task_source(request, options_.follows_reference, decoder);
  const request::GenerationRequest asked =
      source ? with_source_length(request, source->facts, options_.follows_reference) : request;
  Work work = begin(asked);
  work.source = source.get();
  work.previews = &previews;
  const double loaded_before = components_.load_seconds();
  for (const Batch& batch : work.batches) {
    work.rendering.seeds.insert(work.rendering.seeds.end(), batch.seeds.begin(), batch.seeds.end());
  }
  work.rendering.reviews.resize(work.rendering.seeds.size());
  attempt(work, &Engine::compose);
  attempt(work, &Engine::score_codes);
  if (work.source != nullptr) attempt(work, &Engine::encode);
  work.reference = reference.get();
  if (reference) attempt(work, &Engine::encode_reference);
  attempt(work, &Engine::make_latents);
  attempt(work, &Engine::listen);
  work.rendering.kept =
      best_songs(work.rendering.reviews, options_.review.keep_best, options_.review.by);
  for (work.next = 0; work.next < work.batches.size(); ++work.next) {
    if (!work.keeps_some_of_next()) continue;
    attempt(work, &Engine::decode_next);
    hand_over(work, sink);
  }
  decode_stage_.reset();
  components_.end_request();
  work.rendering.seconds["model_load_time"] = components_.load_seconds() - loaded_before;
  return std::move(work.rendering);
}

// [1, T, 64] float32 on the device.
at::Tensor Engine::latents_of(const FinishedSong& song, const song::Conditioning& conditioning) {
  if (song.latents.defined()) {
    return whole_latents(song.latents, conditioning, components_.silence())
        .to(components_.device());
  }
  EncodeStage stage(components_, options_, context_);
  at::Generator generator = diffusion::make_generator(0);
  const at::Tensor heard = stage.run(song.sound, generator).unsqueeze(0);
  return condition::fit_frames(heard, components_.silence().to(at::kCPU, at::kFloat),
                               conditioning.frames)
      .to(components_.device());
}

Review Engine::review(const FinishedSong& song) {
  c10::InferenceMode no_gradients;
  require_ears(components_, options_.review);
  const Batch batch{.seeds = {SongSeeds{}}, .compositions = {song.composition}};
  Work work{.request = &song.request, .batches = {batch}};
  work.rendering.reviews.resize(1);
  attempt(work, &Engine::score_codes);
  if (options_.review.listens()) {
    attempt(work, &Engine::condition);
    work.latents = {{latents_of(song, work.rendering.conditions.front())}};
    // They are scaled already.
    request::GenerationRequest unscaled = song.request;
    unscaled.latent_shift = request::GenerationRequest().latent_shift;
    unscaled.latent_rescale = request::GenerationRequest().latent_rescale;
    work.request = &unscaled;
    attempt(work, &Engine::listen);
  }
  components_.end_request();
  return work.rendering.reviews.front();
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
  decode_stage_.reset();  // its models go
  components_.fall_back_to_float32();
  work = std::move(before);
  (this->*stage)(work);
}

void Engine::make_latents(Work& work) {
  condition(work);
  denoise(work);
}

song::StageContext Engine::context_on(at::Device device) const {
  song::StageContext context = context_;
  context.device = device;
  context.dtype = components_.precision().activations;
  return context;
}

StageTimer Engine::time(Work& work, const char* stage, const char* cost) const {
  return {components_, work.rendering.stages, stage, work.rendering.seconds[cost]};
}

void Engine::compose(Work& work) {
  const StageTimer timer = time(work, "compose", "lm_total_time");
  const ComposeStage stage{components_, context_, work.global};
  memory::run_on_ladder(
      "compose", [&] { stage.run(*work.request, work.batches, work.rendering.passes); },
      allowed(components_, {[&] { return offload_idle_models(components_); },
                            [&] { return compose_on_cpu(components_); }}),
      context_.observer);
  for (const lm::ComposePass& pass : work.rendering.passes) {
    const bool writes_codes =
        pass.request.grammar && pass.request.grammar->phase == lm::Phase::kCodes;
    auto& seconds = work.rendering.seconds;
    seconds[writes_codes ? "lm_phase2_time" : "lm_phase1_time"] += pass.result.seconds;
    seconds["lm_prompt_time"] += pass.result.prompt_seconds;
    seconds["lm_constraint_time"] += pass.result.constraint_seconds;
  }
}

void Engine::encode(Work& work) {
  if (!is_heard(work.batches)) return;
  if (!work.source->needs_encoding()) {
    work.sources = known_latents(*work.source, work.batches, components_.silence());
    return;
  }
  const StageTimer timer = time(work, "encode", "vae_encode_time_cost");
  EncodeStage stage(components_, options_, context_);
  work.sources = encoded_latents(*work.source, work.batches, stage, work.global);
}

void Engine::encode_reference(Work& work) {
  const StageTimer timer = time(work, "encode", "vae_encode_time_cost");
  EncodeStage stage(components_, options_, context_);
  work.references = reference_latents(*work.reference, work.batches, stage,
                                      {work.global, options_.python_seed.value_or(random_seed())});
}

void Engine::condition(Work& work) {
  const StageTimer timer = time(work, "condition", "dit_encoder_time_cost");
  const ConditionInput input{*work.request, work.batches, work.source, work.sources,
                             work.references};
  ConditionStage(components_, input, context_).run(work.rendering.conditions, work.rendering.texts);
}

void Engine::denoise(Work& work) {
  const StageTimer timer = time(work, "denoise", "dit_diffusion_time_cost");
  const DenoiseInput input{*work.request, work.batches, work.rendering.conditions, work.global};
  const song::StageContext context = context_on(components_.device());
  DenoiseStage stage(components_, options_, input, context);
  std::optional<Previewer> previewer;
  if (options_.preview && *work.previews) {
    previewer.emplace(components_, *options_.preview, *work.request, *work.previews, context);
    stage.show_to(*previewer);
  }
  work.latents = stage.run();
  work.rendering.levels = stage.schedule().levels;
}

void Engine::score_codes(Work& work) {
  if (!options_.review.scores_codes()) return;
  const StageTimer timer = time(work, "score", "lm_score_time");
  const CodeScoreStage stage{components_, context_, options_.review.lm};
  stage.run(work.batches, work.rendering.reviews);
}

void Engine::listen(Work& work) {
  if (!options_.review.listens() || !has_ears(components_, context_.observer)) return;
  const StageTimer timer = time(work, "listen", "lyric_alignment_time");
  std::vector<at::Tensor> latents;
  for (std::size_t i = 0; i < work.batches.size(); ++i) latents.push_back(scaled_latents(work, i));
  const ListenInput input{*work.request,        work.batches, work.rendering.conditions,
                          work.rendering.texts, latents,      options_.follows_reference};
  const song::StageContext context = context_on(components_.device());
  ListenStage(components_, options_.review, input, context).run(work.rendering.reviews);
}

// As they are decoded.
at::Tensor Engine::scaled_latents(const Work& work, std::size_t batch) const {
  return codec::scale_latents(work.latents[batch].values,
                              {work.request->latent_shift, work.request->latent_rescale});
}

void Engine::decode_next(Work& work) {
  const StageTimer timer = time(work, "decode", "dit_vae_decode_time_cost");
  if (!decode_stage_) decode_stage_.emplace(components_, options_, context_);
  const at::Tensor latents = scaled_latents(work, work.next);
  at::Tensor audio = decode_stage_->run(latents);
  work.rendering.tile_frames = decode_stage_->tile_frames();
  codec::limit_peaks(audio);
  add_songs(work, latents, audio);
}

namespace {

// Outside its new parts a repainted song is the source itself, not what the VAE makes of it
// (reference: generate_music.py; there the same for lego).
void put_back_original(const TaskSource& source, const request::GenerationRequest& request,
                       audio::Waveform& waveform) {
  const bool has_original = source.sound.channels > 0 && !source.place.parts.empty();
  if (!has_original || request.repaint_mode == "aggressive") return;
  audio::splice_original(waveform, source.sound, source.place.parts);
}

}  // namespace

// A song shorter than the shortest that the DiT makes is cut to its asked length
// (the reference delivers all of it).
void Engine::add_songs(Work& work, const at::Tensor& latents, const at::Tensor& audio) const {
  const Batch& batch = work.batches[work.next];
  const song::Conditioning& conditioning = work.rendering.conditions[work.next];
  const int64_t frames =
      options_.follows_reference ? conditioning.frames : conditioning.requested_frames;
  const int64_t samples = audio.size(2) / conditioning.frames * frames;
  const std::size_t first = work.first_place();
  for (int64_t i = 0; i < audio.size(0); ++i) {
    const auto index = static_cast<std::size_t>(i);
    const std::size_t place = first + index;
    if (!work.keeps(place)) continue;
    Song song = song_of(batch, index);
    song.latents = latents[i].narrow(0, 0, frames).to(at::kCPU, at::kFloat);
    song.waveform = codec::to_waveform(audio[i].narrow(1, 0, samples),
                                       components_.vae_config().sampling_rate_hz);
    song.place = place;
    song.review = work.rendering.reviews[place];
    audio::require_audible(song.waveform, "decode: song " + std::to_string(place + 1));
    if (work.source != nullptr) put_back_original(*work.source, *work.request, song.waveform);
    work.decoded.push_back(std::move(song));
  }
}

void Engine::master(Song& song, const Work& work) const {
  Mastered mastered = master_song(song.waveform, *work.request);
  song.level = mastered.level;
  const bool is_one_of_many = work.request->batch_size > 1;
  const std::string which = is_one_of_many ? "song " + std::to_string(song.place + 1) + ": " : "";
  for (song::Adjustment& change : mastered.adjustments) {
    change.why = which + change.why;
    context_.observer.adjustment(change);
  }
  if (!song.level.is_held_back || components_.policy().may_adapt) return;
  throw Error(
      ErrorCode::kRejected,
      which + "the song cannot have the loudness asked for: " + mastered.adjustments.back().why,
      "ask for less --loudness or more --true_peak, or leave --strict out");
}

void Engine::hand_over(Work& work, const SongSink& sink) {
  for (Song& song : work.decoded) {
    context_.observer.stage("master");
    const util::Stopwatch watch;
    master(song, work);
    work.rendering.seconds["mastering_time"] += watch.seconds();
    if (sink) {
      sink(std::move(song), work.rendering);
    } else {
      work.rendering.songs.push_back(std::move(song));
    }
  }
  work.decoded.clear();
}

}  // namespace acestep::pipeline
