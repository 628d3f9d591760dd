// Lets a song be heard while it is denoised: the first seconds of what it would become.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

#include "audio/waveform.h"
#include "memory/component.h"
#include "models/oobleck_decoder.h"
#include "pipeline/components.h"
#include "pipeline/engine_options.h"
#include "request/generation_request.h"
#include "song/stage_context.h"

namespace acestep::pipeline {

// song: counted from 0 over the whole request. May throw: the song then ends.
using PreviewSink =
    std::function<void(const audio::Waveform& sound, std::size_t song, int64_t steps_done)>;

// The latents of several songs after a step.
struct Estimate {
  at::Tensor latents;  // [B, T, 64] float32
  std::size_t first_song = 0;
  int64_t steps_done = 0;
  int64_t steps = 0;
};

// Touches nothing that the song is made of. Not thread-safe.
class Previewer {
 public:
  // All references must outlive the previewer.
  Previewer(Components& components, const PreviewOptions& options,
            const request::GenerationRequest& request, PreviewSink sink,
            const song::StageContext& context)
      : components_(components),
        options_(options),
        request_(request),
        sink_(std::move(sink)),
        context_(context),
        is_on_host_(!components.policy().previews_on_device) {}

  // Decodes the beginnings where a preview is due: every so many steps, not after the last, which
  // the song itself follows. Where memory runs out the processor decodes, told as an adjustment. A
  // sound that is not finite is passed over: the song may still become one.
  void look_at(const Estimate& estimate);

 private:
  bool is_due(const Estimate& estimate) const;
  audio::Waveform decode(const at::Tensor& latents);
  const models::OobleckDecoder& decoder();
  bool leave_device();

  Components& components_;
  PreviewOptions options_;
  const request::GenerationRequest& request_;
  PreviewSink sink_;
  const song::StageContext& context_;
  bool is_on_host_;  // the processor decodes beside a card
  // On a card the VAE comes and goes with each preview, so that steps have the memory they had.
  std::optional<memory::Lease<models::OobleckDecoder>> lease_;
};

}  // namespace acestep::pipeline
