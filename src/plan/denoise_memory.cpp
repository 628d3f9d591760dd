#include <algorithm>

#include "plan/decode_tile.h"
#include "plan/dit_memory.h"
#include "plan/stage_memory.h"

namespace acestep::plan {
namespace {

constexpr uint64_t kDoubleBytes = 8;

// One batch's way through the denoiser: tensors of [B, T, 64].
class Sampling {
 public:
  Sampling(const Rehearsal& run, const DitFacts& dit, const SongShape& song)
      : run_(run),
        song_(song),
        numbers_(song.rows() * song.frames * dit.latent_channels),
        at_{.dit = dit,
            .rows = song.rows() * (song.is_guided ? 2 : 1),
            .frames = song.frames,
            .conditions = condition_rows(song)} {}

  // diffusion::DitVelocity::use.
  void prepare() {
    const bool doubles = song_.is_guided;
    const int64_t states = at_.rows * at_.conditions * at_.dit.encoder.hidden;
    const Tensor both = doubles ? run_.activations(states) : Tensor();
    const int64_t channels = at_.dit.in_channels - at_.dit.latent_channels;
    context_ = doubles ? run_.activations(at_.rows * at_.frames * channels) : Tensor();
    cross_ = cross_states(run_, at_);
  }

  void take_step() {
    Tensor velocity = first_velocity();
    previous_velocity_ = std::move(velocity);
    if (song_.uses_heun) previous_velocity_ = corrected();
    const Tensor before = std::move(x_);
    {
      const Tensor distance = latents();
      x_ = latents();
    }
    correct_bands();
  }

  // A flow edit's look at the song under one description, and the mean of a step's looks.
  void look() {
    const Tensor velocity = first_velocity();
    if (song_.is_guided) {
      const Tensor difference = latents();
      differences_ = latents();
    }
    sum_ = latents();
  }
  void end_looks() {
    const Tensor mean_difference = song_.is_guided ? latents() : Tensor();
    previous_velocity_ = latents();
    sum_ = Tensor();
    differences_ = Tensor();
  }

  Tensor latents() const { return run_.floats(numbers_); }

 private:
  Tensor doubles() const { return run_.of(numbers_, kDoubleBytes); }
  // A number per song and channel.
  Tensor channels() const { return run_.of(song_.rows() * at_.dit.latent_channels, kDoubleBytes); }
  // A number per song and frame.
  Tensor frames() const { return run_.of(song_.rows() * song_.frames, kDoubleBytes); }

  Tensor first_velocity() {
    if (!song_.is_guided) return dit_velocity(run_, at_);
    const Tensor both = both_velocities();
    return song_.guides_by_angle ? guided_by_angle() : guided_by_projection();
  }

  Tensor both_velocities() const {
    const Tensor twice = run_.floats(2 * numbers_);
    return dit_velocity(run_, at_);
  }

  // diffusion::ProjectedGuidance.
  Tensor guided_by_projection() {
    const Tensor difference = latents();
    {
      const Tensor fading = latents();
      momentum_ = latents();
    }
    const Tensor norm = channels();
    const Tensor limited = latents();
    Tensor across;
    {
      const Tensor wide = doubles();
      Tensor unit = doubles();
      unit = doubles();
      const Tensor product = doubles();
      const Tensor share = channels();
      const Tensor along = doubles();
      const Tensor rest = doubles();
      across = latents();
    }
    const Tensor scaled = latents();
    return latents();
  }

  // diffusion::angle_guidance.
  Tensor guided_by_angle() const {
    const Tensor clean_cond = latents();
    const Tensor clean_uncond = latents();
    {
      const Tensor wide_a = doubles();
      const Tensor wide_b = doubles();
      const Tensor norm_a = frames();
      const Tensor unit_a = doubles();
      const Tensor norm_b = frames();
      const Tensor unit_b = doubles();
      const Tensor product = doubles();
    }
    const Tensor side = latents();
    const Tensor turned = doubles();
    const Tensor added = doubles();
    const Tensor clean = doubles();
    const Tensor difference = doubles();
    return latents();
  }

  // Heun's second velocity and the mean of both.
  Tensor corrected() {
    const Tensor ahead = latents();
    Tensor second = song_.is_guided ? both_velocities() : dit_velocity(run_, at_);
    if (song_.is_guided) second = latents();
    const Tensor sum = latents();
    return latents();
  }

  // diffusion::Dcw: x and what it was before stay alive.
  void correct_bands() {
    const Tensor clean = latents();
    const Tensor difference = latents();
    const Tensor filters = run_.floats(1);
    const Tensor back = weighted_bands();
    x_ = latents();
  }

  // One song's channels are rows of a signal as they lie; those of several are copied.
  Tensor weighted_bands() const {
    const Tensor signal = song_.rows() > 1 ? latents() : Tensor();
    const Tensor padded = song_.frames % 2 != 0 ? latents() : Tensor();
    const Tensor bands = latents();
    const Tensor weights = run_.floats(1);
    const Tensor weighted = latents();
    return latents();
  }

  const Rehearsal& run_;
  const SongShape& song_;
  int64_t numbers_;
  Forward at_;
  Tensor context_;
  std::vector<Tensor> cross_;
  Tensor momentum_;
  Tensor previous_velocity_;
  Tensor x_;  // the noise, until the first step
  Tensor sum_;
  Tensor differences_;
};

// diffusion::FlowEditor.
void edit_flow(const Rehearsal& run, const DitFacts& dit, const SongShape& song) {
  const SongShape described = described_source(song);
  Sampling before(run, dit, described);
  Sampling after(run, dit, song);
  before.prepare();
  after.prepare();
  Tensor x;
  for (int64_t step = 0; step < 2; ++step) {
    for (int64_t draw = 0; draw < std::min<int64_t>(2, song.edit_draws); ++draw) {
      Tensor noisy;
      {
        const Tensor fresh = after.latents();
        const Tensor share = after.latents();
        const Tensor rest = after.latents();
        noisy = after.latents();
      }
      before.look();
      const Tensor together = after.latents();
      const Tensor moved = after.latents();
      after.look();
    }
    after.end_looks();
    before.end_looks();
    const Tensor change = after.latents();
    const Tensor distance = after.latents();
    x = after.latents();
  }
}

uint64_t dit_weight_bytes(const DitFacts& dit, const Holding& holding) {
  uint64_t total = weight_bytes(dit.outside_blocks, holding.numbers, holding.dit);
  uint64_t largest = 0;
  for (const WeightTensors& block : dit.blocks) {
    const uint64_t bytes = weight_bytes(block, holding.numbers, holding.dit);
    largest = std::max(largest, bytes);
    if (!holding.streams_dit_blocks) total += bytes;
  }
  constexpr uint64_t kPlaces = 2;  // one computes while the other is filled
  return holding.streams_dit_blocks ? total + kPlaces * largest : total;
}

// pipeline::Previewer: the VAE and one tile of the beginning of one song.
void preview(const Rehearsal& run, const VaeFacts& vae, const SongShape& song) {
  const Tensor weights = run.of(static_cast<int64_t>(weight_bytes(vae.decoder, run.numbers)), 1);
  const Tensor input = run.floats(song.preview_frames * vae.latent_channels);
  decode_tile(run, vae, std::min(song.preview_frames, kPreviewTileFrames));
}

// Two steps of a batch: the second finds what the first left behind.
void sample(const Rehearsal& run, const SongModels& models, const SongShape& song,
            const Holding& holding) {
  Sampling sampling(run, models.dit, song);
  sampling.prepare();
  sampling.take_step();
  sampling.take_step();
  if (!holding.previews) return;
  const Tensor estimate = latents_of(run, models.dit, song, song.rows());
  const Tensor scaled =
      song.rescales_latents ? latents_of(run, models.dit, song, song.rows()) : Tensor();
  preview(run, models.vae, song);
}

}  // namespace

StageNeed estimate_denoise(const SongModels& models, const SongShape& song,
                           const Holding& holding) {
  LiveBytes memory;
  const Rehearsal run{memory, holding.numbers, form_of(models.dit.outside_blocks, holding.dit)};
  std::vector<std::vector<Tensor>> conditions;
  for (int64_t batch = 0; batch < song.batches(); ++batch) {
    conditions.push_back(conditions_of(run, models.dit, song, song.songs_per_batch));
  }
  // Songs that were conditioned alone are joined.
  const bool joins = song.rows() > song.songs_per_batch;
  if (joins) conditions.push_back(conditions_of(run, models.dit, song, song.rows()));
  std::vector<Tensor> finished;
  for (int64_t done = song.rows(); done < song.songs; done += song.rows()) {
    finished.push_back(latents_of(run, models.dit, song, song.rows()));
  }
  {
    const Tensor noise = latents_of(run, models.dit, song, song.rows());
    if (song.edits_flow) {
      edit_flow(run, models.dit, song);
    } else {
      sample(run, models, song, holding);
    }
  }
  if (song.is_listened_to) {
    finished.push_back(latents_of(run, models.dit, song, song.rows()));
    const Tensor scaled =
        song.rescales_latents ? latents_of(run, models.dit, song, song.songs) : Tensor();
    listen(run, models.dit, song);
  }
  return {"denoise", dit_weight_bytes(models.dit, holding), memory.peak()};
}

}  // namespace acestep::plan
