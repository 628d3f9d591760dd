#include "plan/decode_tile.h"
#include "plan/stage_memory.h"
#include "plan/vae_memory.h"

namespace acestep::plan {
namespace {

// models::OobleckDecoderBlock.
Tensor decoder_block(const Rehearsal& run, const VaeBlock& block, Tensor x, Signal& signal) {
  bend(run, signal);
  const int64_t cut = 2 * ((block.stride + 1) / 2);
  signal = {block.out_channels, (signal.length - 1) * block.stride - cut + 2 * block.stride};
  x = signal_of(run, signal);
  for (int i = 0; i < kResidualUnits; ++i) x = residual_unit(run, signal);
  return x;
}

}  // namespace

void decode_tile(const Rehearsal& run, const VaeFacts& vae, int64_t frames) {
  Signal signal{vae.latent_channels, frames};
  Tensor audio;
  {
    Tensor x;
    {
      const bool converts = run.numbers.weights != 4;
      const Tensor input = converts ? signal_of(run, signal) : Tensor();
      const Tensor laid_out = signal_of(run, signal);
      signal.channels = vae.blocks.front().in_channels;
      x = signal_of(run, signal);
    }
    for (const VaeBlock& block : vae.blocks) x = decoder_block(run, block, std::move(x), signal);
    bend(run, signal);
    signal.channels = vae.audio_channels;
    const Tensor samples = signal_of(run, signal);
    const Tensor in_rows = signal_of(run, signal);
    audio = run.floats(signal.numbers());
  }
  const Tensor magnitude = run.floats(signal.numbers());
  const Tensor is_number = run.booleans(signal.numbers());
  const Tensor is_finite = run.booleans(signal.numbers());
}

uint64_t decode_bytes(const VaeFacts& vae, int64_t frames, const NumberBytes& numbers) {
  LiveBytes memory;
  decode_tile({memory, numbers}, vae, frames);
  return memory.peak();
}

std::optional<int64_t> largest_tile(const VaeFacts& vae, int64_t song_frames, uint64_t free_bytes,
                                    const NumberBytes& numbers) {
  const auto fits = [&](int64_t frames) {
    return decode_bytes(vae, frames, numbers) <= free_bytes;
  };
  if (fits(song_frames)) return song_frames;
  std::optional<int64_t> largest;
  for (const int64_t frames : kTileFrames) {
    if (frames < song_frames && fits(frames)) largest = frames;
  }
  return largest;
}

StageNeed estimate_decode(const SongModels& models, const SongShape& song, const Holding& holding) {
  LiveBytes memory;
  const Rehearsal run{memory, holding.numbers};
  std::vector<std::vector<Tensor>> conditions;
  std::vector<Tensor> latents;
  for (int64_t batch = 0; batch < song.batches(); ++batch) {
    conditions.push_back(conditions_of(run, models.dit, song, song.songs_per_batch));
    latents.push_back(latents_of(run, models.dit, song, song.songs_per_batch));
  }
  const Tensor scaled =
      song.rescales_latents ? latents_of(run, models.dit, song, song.songs_per_batch) : Tensor();
  const int64_t samples = song.frames * samples_per_frame(models.vae);
  const Tensor waveform =
      holding.holds_waveform
          ? run.floats(song.songs_per_batch * models.vae.audio_channels * samples)
          : Tensor();
  const bool is_whole = holding.tile_frames == 0 || holding.tile_frames >= song.frames;
  decode_tile(run, models.vae, is_whole ? song.frames : holding.tile_frames);
  return {"decode", weight_bytes(models.vae.decoder, holding.numbers), memory.peak()};
}

}  // namespace acestep::plan
