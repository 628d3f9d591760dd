// What an engine is told besides models and request.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "pipeline/review.h"
#include "util/argument_vector.h"

namespace acestep::pipeline {

struct TaskSource;     // pipeline/task_source.h
class ReferenceAudio;  // pipeline/reference_audio.h

enum class RandomSource { kCpu, kDevice };

// Of what a song would become, while it is denoised.
struct PreviewOptions {
  double seconds = 0.0;                     // from the song's beginning
  std::optional<int64_t> every_steps = {};  // absent: a quarter of all
};

struct EngineOptions {
  // Everything as the reference does it, bugs included (docs/PARITY.md).
  bool follows_reference = false;
  // With follows_reference: the seed of its one global generator; absent: drawn at random.
  std::optional<uint64_t> global_seed = {};
  // Likewise: the seed of Python's generator, which chooses the windows of a reference sound.
  std::optional<uint64_t> python_seed = {};
  util::ArgumentVector decoder = {};  // of sound files that are not read here; empty: none
  RandomSource random_source = RandomSource::kCpu;
  // Songs that the DiT computes at once where their conditions have one shape; the others follow.
  int64_t songs_together = 1;
  // Latent frames of a decoded tile and of the overlap on each side; absent: by free memory.
  std::optional<int64_t> vae_chunk_frames = {};
  std::optional<int64_t> vae_overlap_frames = {};
  // Latent frames of a window of sound to encode; absent: by free memory, with follows_reference
  // its own of a CPU.
  std::optional<int64_t> encode_window_frames = {};
  std::optional<PreviewOptions> preview = {};
  ReviewOptions review = {};
  // The request's sounds where they have been opened already; null: when they are needed.
  std::shared_ptr<const TaskSource> opened_source = {};
  std::shared_ptr<const ReferenceAudio> opened_reference = {};
};

}  // namespace acestep::pipeline
