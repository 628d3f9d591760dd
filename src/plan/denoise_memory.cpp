#include <algorithm>

#include "plan/decode_tile.h"
#include "plan/stage_memory.h"

namespace acestep::plan {
namespace {

constexpr int64_t kTimeFeatures = 256;    // as in src/models/dit_time_embedding.cpp
constexpr int64_t kLayerModulations = 6;  // as in src/models/dit_layer.h
constexpr uint64_t kDoubleBytes = 8;

// The sizes of one forward; rows: songs, twice with guidance.
struct Forward {
  const DitFacts& dit;
  int64_t rows = 1;
  int64_t frames = 1;
  int64_t conditions = 1;  // rows of the packed conditions

  int64_t patches() const { return (frames + dit.patch_frames - 1) / dit.patch_frames; }
  int64_t positions() const { return rows * patches(); }
  int64_t width() const { return positions() * dit.decoder.hidden; }
};

// models::Dit::prepare -> keys and values of all layers.
std::vector<Tensor> cross_states(const Rehearsal& run, const Forward& at) {
  const TransformerShape& shape = at.dit.decoder;
  const int64_t rows = at.rows * at.conditions;
  const LinearSize to_keys{shape.hidden, shape.kv_heads * shape.head_dim};
  const Tensor states = linear(run, rows, {at.dit.encoder.hidden, shape.hidden});
  std::vector<Tensor> cross;
  for (std::size_t i = 0; i < at.dit.blocks.size(); ++i) {
    {
      Tensor keys;
      {
        const Tensor projected = linear(run, rows, to_keys);
        keys = rms_norm(run, rows * shape.kv_heads, shape.head_dim);
      }
      cross.push_back(run.activations(rows * to_keys.out));
    }
    const Tensor values = linear(run, rows, to_keys);
    cross.push_back(run.activations(rows * to_keys.out));
  }
  return cross;
}

// models::modulate.
Tensor modulated(const Rehearsal& run, const Forward& at) {
  const Tensor scale = run.floats(at.rows * at.dit.decoder.hidden);
  return run.activations(at.width());
}

// models::CrossListener for one layer, a head at a time.
void hear(const Rehearsal& run, const Forward& at) {
  constexpr int64_t kPositionsAtOnce = 512;  // as in src/models/cross_listener.cpp
  const TransformerShape& shape = at.dit.decoder;
  Tensor queries;
  {
    const Tensor normalised = rms_norm(run, at.positions(), shape.hidden);
    const Tensor projected =
        linear(run, at.positions(), {shape.hidden, shape.heads * shape.head_dim});
    queries = rms_norm(run, at.positions() * shape.heads, shape.head_dim);
  }
  const bool converts = run.numbers.activations != 4;
  const int64_t positions = std::min(at.patches(), kPositionsAtOnce);
  const Tensor keys = converts ? run.floats(at.conditions * shape.head_dim) : Tensor();
  const Tensor some = converts ? run.floats(positions * shape.head_dim) : Tensor();
  const Tensor scores = run.floats(positions * at.conditions);
  const Tensor attention = run.floats(positions * at.conditions);
  const Tensor rows = run.floats(positions * at.conditions);  // of the lyrics, on their way
}

// models::DitLayer; x stays alive beside it.
struct LayerResult {
  Tensor x;
  Tensor self_attention;
  Tensor cross_attention;
};
LayerResult dit_layer(const Rehearsal& run, const Forward& at, const Pattern& pattern,
                      bool is_heard) {
  const TransformerShape& shape = at.dit.decoder;
  const Tensor modulation = run.floats(at.rows * kLayerModulations * shape.hidden);
  LayerResult result;
  {
    const Tensor normalised = rms_norm(run, at.positions(), shape.hidden);
    const Tensor input = modulated(run, at);
    result.self_attention = attention_to_itself(run, shape, at.rows, pattern);
  }
  const Tensor listened = run.activations(at.width());
  if (is_heard) hear(run, at);
  {
    const Tensor normalised = rms_norm(run, at.positions(), shape.hidden);
    result.cross_attention = attention_to_other(
        run, shape, {.batch = at.rows, .queries = at.patches(), .keys = at.conditions});
  }
  const Tensor told = run.activations(at.width());
  const Tensor normalised = rms_norm(run, at.positions(), shape.hidden);
  const Tensor input = modulated(run, at);
  const Tensor turned = swiglu(run, at.positions(), shape);
  result.x = run.activations(at.width());
  return result;
}

// models::Dit::run_layers; the patches stay alive beside it -> [B, P, hidden].
Tensor dit_layers(const Rehearsal& run, const Forward& at, bool are_heard = false) {
  const RotaryTensors table = rounded_rotary_table(run, at.patches(), at.dit.decoder.head_dim);
  const Pattern full(run, {.length = at.patches()});
  const Pattern sliding(run, {.length = at.patches(), .window = at.dit.window});
  Tensor x;
  for (const bool slides : at.dit.is_sliding) {
    LayerResult result = dit_layer(run, at, slides ? sliding : full, are_heard);
    x = std::move(result.x);
  }
  return x;
}

// models::TimeEmbedding for the time and the span -> embedding and modulation.
std::vector<Tensor> time_embedding(const Rehearsal& run, const Forward& at) {
  const int64_t hidden = at.dit.decoder.hidden;
  std::vector<Tensor> parts;
  for (int i = 0; i < 2; ++i) {
    Rehearsal in_float = run;
    in_float.numbers.activations = 4;  // the time is float32
    const Tensor features = run.floats(at.rows * kTimeFeatures);
    const Tensor first = linear(in_float, at.rows, {kTimeFeatures, hidden});
    const Tensor bent = run.floats(at.rows * hidden);
    parts.push_back(linear(in_float, at.rows, {hidden, hidden}));
    const Tensor bent_again = run.floats(at.rows * hidden);
    parts.push_back(linear(in_float, at.rows, {hidden, kLayerModulations * hidden}));
  }
  std::vector<Tensor> sums;
  sums.push_back(run.floats(at.rows * hidden));
  sums.push_back(run.floats(at.rows * kLayerModulations * hidden));
  return sums;
}

// models::Dit::to_patches of context and latents -> [B, P, hidden].
Tensor to_patches(const Rehearsal& run, const Forward& at) {
  const bool converts = run.numbers.activations != 4;
  const Tensor latents =
      converts ? run.activations(at.rows * at.frames * at.dit.latent_channels) : Tensor();
  const Tensor joined = run.activations(at.rows * at.frames * at.dit.in_channels);
  const int64_t patch_width = at.dit.patch_frames * at.dit.in_channels;
  const Tensor padded = run.activations(at.positions() * patch_width);
  return linear(run.dense(), at.positions(), {patch_width, at.dit.decoder.hidden});
}

// models::Dit::velocity -> [B, T, 64] float32.
Tensor dit_velocity(const Rehearsal& run, const Forward& at) {
  const Tensor level = run.floats(at.rows);
  const std::vector<Tensor> time = time_embedding(run, at);
  Tensor patches = to_patches(run, at);
  patches = dit_layers(run, at);
  const Tensor normalised = rms_norm(run, at.positions(), at.dit.decoder.hidden);
  const Tensor output = modulated(run, at);
  const int64_t patch_width = at.dit.patch_frames * at.dit.latent_channels;
  Tensor frames = linear(run.dense(), at.positions(), {at.dit.decoder.hidden, patch_width});
  if (run.numbers.activations == 4) return frames;
  return run.floats(at.rows * at.frames * at.dit.latent_channels);
}

// pipeline::ListenStage: one song, whose latents are there.
void listen(const Rehearsal& run, const DitFacts& dit, const SongShape& song) {
  const Forward at{.dit = dit, .frames = song.frames, .conditions = condition_rows(song)};
  const int64_t numbers = at.frames * dit.latent_channels;
  const std::vector<Tensor> cross = cross_states(run, at);
  const Tensor noise = run.floats(numbers);
  Tensor noisy;
  {
    const Tensor share = run.floats(numbers);
    const Tensor of_song = run.floats(numbers);
    noisy = run.floats(numbers);
  }
  const Tensor level = run.floats(at.rows);
  const std::vector<Tensor> time = time_embedding(run, at);
  const Tensor patches = to_patches(run, at);
  const Tensor heard = dit_layers(run, at, true);
}

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
