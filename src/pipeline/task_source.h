// What a task works on: a source, where it lies in the song, and which parts are made anew.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "audio/mastering.h"
#include "audio/waveform.h"
#include "condition/masks.h"
#include "pipeline/source_audio.h"
#include "request/generation_request.h"

namespace acestep::pipeline {

// Where a source of so many samples lies in its song.
struct SourcePlace {
  int64_t left_samples = 0;  // of silence before it, for a part that begins before the source
  int64_t right_samples = 0;
  int64_t total_samples = 0;
  std::vector<audio::RepaintSpan> parts = {};  // made anew, in the song's seconds; empty: all of it
};

// saved_latents: sound before the source is whole latent frames then. Throws Error kUsage for parts
// that begin beyond the source's end, and for songs of over 600 s; not where it follows the
// reference, which makes something of both.
struct PlaceFacts {
  int64_t source_samples = 0;
  bool has_saved_latents = false;
  bool follows_reference = false;
};
SourcePlace place_source(const request::GenerationRequest& request, const PlaceFacts& facts);

struct TaskSource {
  SourceFacts facts;
  SourcePlace place;
  // With silence where the song reaches beyond the source; empty with saved latents alone.
  audio::Waveform sound;
  at::Tensor latents;  // [T, 64] float32 saved ones of the source alone; undefined: encode

  // Silence and saved latents are known without.
  bool needs_encoding() const { return !latents.defined() && facts.is_audible; }
  // Latent frames of the song.
  int64_t frames() const;
  // How the conditioner uses it in a song of `frames`.
  condition::SourceUse use(const request::GenerationRequest& request, int64_t frames) const;
};

// Reads the request's source; null where its task takes none. Throws Error kInput naming the
// option and file that cannot be used, and as place_source() does.
std::shared_ptr<const TaskSource> open_task_source(const request::GenerationRequest& request,
                                                   bool follows_reference,
                                                   const audio::DecoderCall& decoder = {});

// The latents that were saved with a song of ours: NAME.latents.safetensors, if NAME.json beside it
// was written for exactly this file.
std::optional<std::filesystem::path> saved_latents_of(const std::filesystem::path& song);

// The request with its length: a song lasts as long as its source (reference: generate_music.py;
// it leaves complete alone).
request::GenerationRequest with_source_length(request::GenerationRequest request,
                                              const SourceFacts& facts, bool follows_reference);

}  // namespace acestep::pipeline
