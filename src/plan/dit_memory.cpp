#include "plan/dit_memory.h"

#include <algorithm>
#include <utility>

namespace acestep::plan {
namespace {

constexpr int64_t kTimeFeatures = 256;    // as in src/models/dit_time_embedding.cpp
constexpr int64_t kLayerModulations = 6;  // as in src/models/dit_layer.h

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

}  // namespace

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

}  // namespace acestep::plan
