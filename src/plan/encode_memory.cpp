#include <utility>

#include "plan/stage_memory.h"
#include "plan/vae_memory.h"

namespace acestep::plan {
namespace {

// models::OobleckEncoderBlock.
Tensor encoder_block(const Rehearsal& run, const VaeBlock& block, Tensor x, Signal& signal) {
  for (int i = 0; i < kResidualUnits; ++i) x = residual_unit(run, signal);
  bend(run, signal);
  signal = {block.out_channels, signal.length / block.stride};
  return signal_of(run, signal);
}

// models::OobleckEncoder of one window, its distribution and the check of it.
void encode(const Rehearsal& run, const VaeFacts& vae, int64_t frames) {
  Signal signal{vae.audio_channels, frames * samples_per_frame(vae)};
  Tensor moments;
  {
    Tensor x;
    {
      const Tensor sound = run.floats(signal.numbers());
      const bool converts = run.numbers.weights != 4;
      const Tensor input = converts ? signal_of(run, signal) : Tensor();
      const Tensor laid_out = signal_of(run, signal);
      signal.channels = vae.encoder_blocks.front().in_channels;
      x = signal_of(run, signal);
    }
    for (const VaeBlock& block : vae.encoder_blocks) {
      x = encoder_block(run, block, std::move(x), signal);
    }
    bend(run, signal);
    signal.channels = 2 * vae.latent_channels;
    moments = signal_of(run, signal);
  }
  const Tensor in_rows = signal_of(run, signal);
  const Tensor in_float = run.floats(signal.numbers());
  const Tensor mean = run.floats(signal.numbers());
  const Tensor softened = run.floats(signal.numbers());
}

}  // namespace

uint64_t encode_bytes(const VaeFacts& vae, int64_t frames, const NumberBytes& numbers) {
  LiveBytes memory;
  encode({memory, numbers}, vae, frames);
  return memory.peak();
}

StageNeed estimate_encode(const SongModels& models, const SongShape& song, const Holding& holding) {
  if (song.source_frames == 0) return {"encode", 0, 0};
  const bool is_whole = holding.window_frames == 0 || holding.window_frames >= song.source_frames;
  const int64_t frames = is_whole ? song.source_frames : holding.window_frames;
  return {"encode", weight_bytes(models.vae.encoder, holding.numbers),
          encode_bytes(models.vae, frames, holding.numbers)};
}

}  // namespace acestep::plan
