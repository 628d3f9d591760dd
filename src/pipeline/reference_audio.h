// The sound that a request's songs are to resemble, from its file to latents.
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "audio/readable_file.h"
#include "audio/reference_windows.h"
#include "pipeline/batches.h"
#include "pipeline/encode_stage.h"
#include "request/generation_request.h"

namespace acestep::pipeline {

class ReferenceAudio final {
 public:
  // Throws Error kInput for a file that cannot be read or is silent.
  ReferenceAudio(const std::string& file, const audio::DecoderCall& decoder);

  // Three windows of 10 s, where `draw` says; 48 kHz stereo.
  audio::Waveform windows(const audio::DrawNumber& draw) const;
  // Of the file as it was given.
  const std::string& sha256() const { return sha256_; }

 private:
  std::string sha256_;
  audio::ReadableFile file_;
  audio::ReferenceSound sound_;
};

// Null for a request without reference_audio.
std::shared_ptr<const ReferenceAudio> open_reference(const request::GenerationRequest& request,
                                                     const audio::DecoderCall& decoder);

// What is random in a reference's latents where songs do not have it from their own seeds.
struct ReferenceRandom {
  at::Generator shared;      // the noise of the VAE's samples; undefined: of every song's own
  uint64_t python_seed = 0;  // with `shared`: the windows, once for all songs
};

// Per batch and song: the latents of its windows, [750, 64] float32 on the CPU. The windows and the
// noise follow from the song's seed.
SongLatents reference_latents(const ReferenceAudio& reference, const std::vector<Batch>& batches,
                              EncodeStage& stage, ReferenceRandom random);

}  // namespace acestep::pipeline
