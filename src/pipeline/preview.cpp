#include "pipeline/preview.h"

#include <ATen/ATen.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cmath>

#include "audio/mastering.h"
#include "codec/decoder.h"
#include "codec/levels.h"
#include "memory/oom_ladder.h"
#include "pipeline/memory_measures.h"
#include "plan/decode_tile.h"
#include "util/error.h"

namespace acestep::pipeline {
namespace {

constexpr double kPeakDb = -1.0;
constexpr int64_t kUsualPreviews = 4;  // of a song, the song itself included

}  // namespace

bool Previewer::is_due(const Estimate& estimate) const {
  const int64_t every =
      options_.every_steps.value_or(std::max<int64_t>(1, estimate.steps / kUsualPreviews));
  return estimate.steps_done < estimate.steps && estimate.steps_done % every == 0;
}

void Previewer::look_at(const Estimate& estimate) {
  if (!is_due(estimate)) return;
  const at::Tensor scaled =
      codec::scale_latents(estimate.latents, {request_.latent_shift, request_.latent_rescale});
  for (int64_t row = 0; row < scaled.size(0); ++row) {
    try {
      sink_(decode(scaled.narrow(0, row, 1)), estimate.first_song + static_cast<std::size_t>(row),
            estimate.steps_done);
    } catch (const Error& error) {
      // An early estimate may be no sound at all, or leave fp16's range: that is not yet the song.
      if (error.code() != ErrorCode::kRejected) throw;
      spdlog::info("no preview after step {}: {}", estimate.steps_done, error.message());
    }
  }
  if (!components_.device().is_cpu() && !is_on_host_) lease_.reset();
}

// latents: [1, T, 64].
audio::Waveform Previewer::decode(const at::Tensor& latents) {
  const int64_t rate_hz = components_.vae_config().sampling_rate_hz;
  const int64_t frames = std::min(latents.size(1), plan::preview_frames(options_.seconds));
  at::Tensor audio;
  const auto decode_beginning = [&] {
    const models::OobleckDecoder& model = decoder();
    const at::Tensor input = latents.narrow(1, 0, frames).transpose(1, 2).to(model.device);
    audio =
        codec::decode_tiles(model, input, {plan::kPreviewTileFrames, plan::kOverlapFrames},
                            [this](const codec::TileProgress&) { context_.stop_here_if_asked(); });
  };
  memory::run_on_ladder("preview", decode_beginning,
                        allowed(components_, {[this]() -> std::optional<song::Adjustment> {
                                  if (!leave_device()) return std::nullopt;
                                  return song::Adjustment{"preview_device", "gpu", "cpu", {}};
                                }}),
                        context_.observer);
  codec::limit_peaks(audio);
  const auto samples = std::min(audio.size(2), audio::frames_of(options_.seconds, rate_hz));
  audio::Waveform sound = codec::to_waveform(audio[0].narrow(1, 0, samples), rate_hz);
  audio::require_audible(sound, "preview");
  audio::normalize_peak(sound, kPeakDb);
  return sound;
}

const models::OobleckDecoder& Previewer::decoder() {
  if (!lease_) {
    lease_.emplace(is_on_host_ ? components_.host_decoder() : components_.preview_decoder());
  }
  return **lease_;
}

bool Previewer::leave_device() {
  if (is_on_host_ || components_.device().is_cpu()) return false;
  lease_.reset();
  is_on_host_ = true;
  return true;
}

}  // namespace acestep::pipeline
