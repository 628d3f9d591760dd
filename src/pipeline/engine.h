// Turns a request into songs: the stages of docs/ARCHITECTURE.md, one after another.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "audio/level.h"
#include "audio/waveform.h"
#include "lm/composer.h"
#include "pipeline/batches.h"
#include "pipeline/components.h"
#include "pipeline/decode_stage.h"
#include "pipeline/engine_options.h"
#include "pipeline/preview.h"
#include "pipeline/render_options.h"
#include "pipeline/review.h"
#include "pipeline/stage_meter.h"
#include "pipeline/stage_timer.h"
#include "request/generation_request.h"
#include "song/composition.h"
#include "song/conditioning.h"
#include "song/stage_context.h"

namespace acestep::pipeline {

struct Song {
  SongSeeds seeds;
  song::Composition composition;
  // The request with the words that the language model wrote for this song (pipeline/words.h).
  std::optional<request::GenerationRequest> rewritten = {};
  at::Tensor latents = {};  // [T, 64] float32 on the CPU, as decoded (after shift and rescale)
  audio::Waveform waveform = {};
  audio::Level level = {};  // of the waveform, once it is mastered
  std::size_t place = 0;    // in the request, from 0
  Review review = {};       // as far as it was asked for
};

// A song that was made before, for a review.
struct FinishedSong {
  request::GenerationRequest request;
  song::Composition composition;
  at::Tensor latents;          // [T, 64] as Song::latents; undefined: `sound` is encoded
  audio::Waveform sound = {};  // 48 kHz stereo
};

// Songs and what is told about how they came to be.
struct Rendering {
  std::vector<Song> songs;                     // empty where they went to a sink
  std::vector<lm::ComposePass> passes;         // every run of the language model
  std::vector<EncodedText> texts;              // of the text encoder: prompt, lyrics, prompt, …
  std::vector<song::Conditioning> conditions;  // one per batch
  std::vector<float> levels;                   // noise levels passed
  std::vector<SongSeeds> seeds;                // one per song, as are the reviews
  std::vector<Review> reviews;
  std::vector<std::size_t> kept;          // places of the songs that are decoded
  std::map<std::string, double> seconds;  // by the result's time_costs names
  int64_t tile_frames = 0;                // that the VAE decoded at once
  std::vector<StageUse> stages;           // of those that use models, in their order
};

// Takes a finished song while later ones of the same request still wait, so that only one waveform
// is in memory. `rendering` holds all but songs and later seconds.
using SongSink = std::function<void(Song song, const Rendering& rendering)>;

class Engine {
 public:
  // Both references must outlive the engine.
  Engine(Components& components, const EngineOptions& options, const song::StageContext& context);
  ~Engine();

  // Seeds left open in the request are drawn at random; a song lasts as long as its source. Throws
  // Error kRejected naming stage and step when latents or audio are not finite or silent (with
  // fp16: also in float32), and whatever a stage throws; a sink has then seen the songs before.
  // previews: heard while songs are denoised, where the options ask for it; it changes no song.
  Rendering render(const request::GenerationRequest& request, const SongSink& sink = {},
                   const PreviewSink& previews = {});

  // The language model's part alone: songs without latents and waveform.
  Rendering compose_only(const request::GenerationRequest& request);

  // Times and scores of a song that was made before. Throws Error kInput where its latents are not
  // as long as its request says; a sound is cut or continued to that length.
  Review review(const FinishedSong& song);

 private:
  struct Work;  // what the stages hand on for one request
  using Stage = void (Engine::*)(Work&);

  Work begin(const request::GenerationRequest& request) const;
  song::StageContext context_on(at::Device device) const;
  // cost: the stage's name among time_costs.
  StageTimer time(Work& work, const char* stage, const char* cost) const;
  void attempt(Work& work, Stage stage);
  void compose(Work& work);
  void encode(Work& work);
  void encode_reference(Work& work);
  void score_codes(Work& work);
  at::Tensor latents_of(const FinishedSong& song, const song::Conditioning& conditioning);
  void make_latents(Work& work);
  void condition(Work& work);
  void denoise(Work& work);
  void listen(Work& work);
  at::Tensor scaled_latents(const Work& work, std::size_t batch) const;
  void decode_next(Work& work);
  void add_songs(Work& work, const at::Tensor& latents, const at::Tensor& audio) const;
  void master(Song& song, const Work& work) const;
  void hand_over(Work& work, const SongSink& sink);

  Components& components_;
  EngineOptions options_;
  song::StageContext context_;
  std::optional<DecodeStage> decode_stage_;  // while songs are decoded
};

}  // namespace acestep::pipeline
