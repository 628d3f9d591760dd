// Turns a request into songs: the stages of docs/ARCHITECTURE.md, one after another.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "audio/waveform.h"
#include "lm/composer.h"
#include "pipeline/batches.h"
#include "pipeline/components.h"
#include "pipeline/render_options.h"
#include "request/generation_request.h"
#include "song/composition.h"
#include "song/conditioning.h"
#include "song/stage_context.h"

namespace acestep::pipeline {

enum class RandomSource { kCpu, kDevice };

struct EngineOptions {
  // Everything as the reference does it, bugs included (docs/PARITY.md).
  bool follows_reference = false;
  // With follows_reference: the seed of its one global generator; absent: drawn at random.
  std::optional<uint64_t> global_seed;
  RandomSource random_source = RandomSource::kCpu;
};

struct Song {
  SongSeeds seeds;
  song::Composition composition;
  at::Tensor latents;  // [T, 64] float32 on the CPU, as decoded (after shift and rescale)
  audio::Waveform waveform;
};

// Songs and what is told about how they came to be.
struct Rendering {
  std::vector<Song> songs;
  std::vector<lm::ComposePass> passes;         // every run of the language model
  std::vector<EncodedText> texts;              // of the text encoder: prompt, lyrics, prompt, …
  std::vector<song::Conditioning> conditions;  // one per batch
  std::vector<float> levels;                   // noise levels passed
  std::map<std::string, double> seconds;       // by the result's time_costs names
};

class Engine {
 public:
  // Both references must outlive the engine.
  Engine(Components& components, const EngineOptions& options, const song::StageContext& context);
  ~Engine();

  // Seeds left open in the request are drawn at random. Throws Error kRejected naming stage and
  // step when latents or audio are not finite or silent (with fp16: also in float32), and whatever
  // a stage throws; nothing is written.
  Rendering render(const request::GenerationRequest& request);

 private:
  struct Work;  // what the stages hand on for one request
  using Stage = void (Engine::*)(Work&);

  song::StageContext stage_context() const;
  void attempt(Work& work, Stage stage);
  void compose(Work& work);
  void make_latents(Work& work);
  void condition(Work& work);
  void denoise(Work& work);
  void decode(Work& work);
  void add_songs(Work& work, std::size_t batch_index, const at::Tensor& latents,
                 const at::Tensor& audio) const;
  void master(Work& work);

  Components& components_;
  EngineOptions options_;
  song::StageContext context_;
};

}  // namespace acestep::pipeline
