#include <algorithm>

#include "plan/stage_memory.h"

namespace acestep::plan {
namespace {

// condition::encode_prompts.
struct EncodedPrompts {
  Tensor text;
  Tensor other_text;  // without the cover
  Tensor text_mask;
  Tensor lyrics;
  Tensor lyric_mask;
};
EncodedPrompts encode_prompts(const Rehearsal& run, const QwenFacts& encoder,
                              const SongShape& song) {
  const int64_t songs = song.songs_per_batch;
  const Tensor text_ids = run.whole_numbers(songs * song.text_tokens);
  const Tensor lyric_ids = run.whole_numbers(songs * song.lyric_tokens);
  EncodedPrompts encoded;
  encoded.text_mask = run.booleans(songs * song.text_tokens);
  encoded.lyric_mask = run.booleans(songs * song.lyric_tokens);
  {
    const RotaryTensors table = rotary_table(run, song.text_tokens, encoder.shape.head_dim);
    const Tensor embedded = qwen_embedding(run, encoder, songs * song.text_tokens);
    encoded.text = qwen_layers(run, encoder, {.batch = songs, .tokens = song.text_tokens});
  }
  encoded.lyrics = qwen_embedding(run, encoder, songs * song.lyric_tokens);
  if (song.leaves_cover) {
    const RotaryTensors table = rotary_table(run, song.text_tokens, encoder.shape.head_dim);
    const Tensor embedded = qwen_embedding(run, encoder, songs * song.text_tokens);
    encoded.other_text = qwen_layers(run, encoder, {.batch = songs, .tokens = song.text_tokens});
  }
  return encoded;
}

// models::AudioDetokenizer; the quantized codes stay alive beside it.
Tensor detokenized(const Rehearsal& run, const DitFacts& dit, int64_t codes) {
  const int64_t hidden = dit.encoder.hidden;
  const Tensor embedded = linear(run, codes, {hidden, hidden});
  const int64_t rows = codes * dit.pool_frames;
  const Tensor frames = run.activations(rows * hidden);
  const Tensor states = encoder_stack(
      run, dit, {.batch = codes, .length = dit.pool_frames, .layers = dit.pooler_layers});
  return linear(run, rows, {hidden, dit.latent_channels});
}

// condition::hints_from_codes of one song -> [1, 5·codes, 64].
Tensor code_hints(const Rehearsal& run, const DitFacts& dit, int64_t codes) {
  const Tensor indices = run.whole_numbers(codes);
  const Tensor quantized = run.activations(codes * dit.encoder.hidden);
  return detokenized(run, dit, codes);
}

// models::AudioTokenizer: the quantized codes.
Tensor tokenized(const Rehearsal& run, const DitFacts& dit, int64_t codes) {
  const int64_t hidden = dit.encoder.hidden;
  const int64_t rows = codes * dit.pool_frames;
  const Tensor frames = run.activations(rows * dit.latent_channels);
  const Tensor projected = linear(run, rows, {dit.latent_channels, hidden});
  const Tensor embedded = linear(run, rows, {hidden, hidden});
  const Tensor with_token = run.activations((rows + codes) * hidden);
  const Tensor pooled = encoder_stack(
      run, dit, {.batch = codes, .length = dit.pool_frames + 1, .layers = dit.pooler_layers});
  const Tensor widened = run.floats(codes * hidden);
  return run.activations(codes * hidden);
}

// condition::hints_from_source -> [B, T, 64].
Tensor source_hints(const Rehearsal& run, const DitFacts& dit, const SongShape& song) {
  const int64_t codes_per_song = (song.frames + dit.pool_frames - 1) / dit.pool_frames;
  const int64_t codes = song.songs_per_batch * codes_per_song;
  const Tensor all_valid = run.floats(song.songs_per_batch * song.frames);
  const Tensor quantized = tokenized(run, dit, codes);
  return detokenized(run, dit, codes);
}

// models::LyricEncoder.
Tensor lyric_encoder(const Rehearsal& run, const DitFacts& dit, const SongShape& song) {
  const int64_t rows = song.songs_per_batch * song.lyric_tokens;
  const Tensor embedded = linear(run, rows, {dit.text_hidden, dit.encoder.hidden});
  return encoder_stack(run, dit,
                       {.batch = song.songs_per_batch,
                        .length = song.lyric_tokens,
                        .layers = dit.lyric_layers,
                        .is_masked = song.pads_lyrics});
}

// 25 Hz frames of the sound that a song is to resemble: the three windows of a reference, or
// silence.
int64_t reference_frames(const DitFacts& dit, const SongShape& song) {
  constexpr int64_t kWindowFrames = 750;
  return song.hears_reference ? kWindowFrames : std::min(dit.timbre_frames, dit.silence_frames);
}

// models::TimbreEncoder and unpack_by_owner: one reference per song.
Tensor timbre_encoder(const Rehearsal& run, const DitFacts& dit, const SongShape& song) {
  const int64_t hidden = dit.encoder.hidden;
  int64_t length = reference_frames(dit, song);
  const int64_t songs = song.songs_per_batch;
  Tensor frames;
  {
    // A reference that stands for all songs is repeated.
    const Tensor repeated = songs > 1 && !song.hears_reference
                                ? run.activations(songs * length * dit.latent_channels)
                                : Tensor();
    frames = linear(run, songs * length, {dit.latent_channels, hidden});
  }
  if (dit.has_timbre_token) {
    ++length;
    frames = run.activations(songs * length * hidden);
  }
  const Tensor encoded =
      encoder_stack(run, dit, {.batch = songs, .length = length, .layers = dit.timbre_layers});
  const Tensor sorted = run.activations(songs * hidden);
  return run.activations(songs * hidden);
}

// models::pack_sequences.
Tensor packed(const Rehearsal& run, int64_t songs, int64_t rows, int64_t hidden) {
  const Tensor joined = run.activations(songs * rows * hidden);
  const Tensor mask = run.booleans(songs * rows);
  const Tensor order = run.whole_numbers(songs * rows);
  return run.activations(songs * rows * hidden);
}

// models::ConditionEncoder.
Tensor condition_encoder(const Rehearsal& run, const DitFacts& dit, const SongShape& song) {
  const int64_t hidden = dit.encoder.hidden;
  const int64_t songs = song.songs_per_batch;
  const Tensor text = linear(run, songs * song.text_tokens, {dit.text_hidden, hidden});
  const Tensor lyrics = lyric_encoder(run, dit, song);
  const Tensor timbres = timbre_encoder(run, dit, song);
  const Tensor sung = packed(run, songs, song.lyric_tokens + 1, hidden);
  return packed(run, songs, condition_rows(song), hidden);
}

// condition::Conditioner::run for one batch; what it returns is counted by conditions_of().
void condition_batch(const Rehearsal& run, const SongModels& models, const SongShape& song) {
  const DitFacts& dit = models.dit;
  const int64_t songs = song.songs_per_batch;
  const int64_t latents = songs * song.frames * dit.latent_channels;
  const EncodedPrompts prompts = encode_prompts(run, models.text_encoder, song);
  const bool repeats = song.frames > dit.silence_frames;
  const Tensor silence = repeats ? run.activations((song.frames / dit.silence_frames + 1) *
                                                   dit.silence_frames * dit.latent_channels)
                                 : Tensor();
  std::vector<Tensor> sources;
  if (song.audio_codes > 0) {
    for (int64_t i = 0; i < songs; ++i) sources.push_back(code_hints(run, dit, song.audio_codes));
  } else if (song.source_frames > 0 || song.hears_source_as_codes || song.keeps_part) {
    sources.push_back(run.activations(latents));  // as given, and as long as the song
    sources.push_back(run.activations(latents));
  }
  const Tensor clean = run.activations(latents);
  const Tensor is_source = run.booleans(songs * song.frames);
  const Tensor source = run.activations(latents);
  Tensor heard;
  if (song.audio_codes > 0) {
    const Tensor hints = run.activations(latents);
    heard = run.activations(latents);
  } else if (song.hears_source_as_codes) {
    const Tensor hints = source_hints(run, dit, song);
    heard = run.activations(latents);
  }
  const Tensor references =
      song.hears_reference
          ? run.activations(songs * reference_frames(dit, song) * dit.latent_channels)
          : Tensor();
  const Tensor context =
      run.activations(songs * song.frames * (dit.in_channels - dit.latent_channels));
  const Tensor states = condition_encoder(run, dit, song);
  std::vector<Tensor> without_cover;
  if (song.leaves_cover) {
    without_cover.push_back(run.activations(latents));
    without_cover.push_back(
        run.activations(songs * song.frames * (dit.in_channels - dit.latent_channels)));
    without_cover.push_back(condition_encoder(run, dit, song));
  }
  Tensor of_source;
  if (song.edits_flow) {
    const SongShape described = described_source(song);
    const EncodedPrompts words = encode_prompts(run, models.text_encoder, described);
    of_source = condition_encoder(run, dit, described);
  }
  const Tensor kept = song.keeps_part ? run.floats(latents) : Tensor();
  const Tensor in_float = run.numbers.activations == 4 ? Tensor() : run.floats(latents);
}

}  // namespace

StageNeed estimate_condition(const SongModels& models, const SongShape& song,
                             const Holding& holding) {
  LiveBytes memory;
  const Rehearsal run{memory, holding.numbers};
  const Tensor silence = run.activations(models.dit.silence_frames * models.dit.latent_channels);
  std::vector<std::vector<Tensor>> earlier;
  for (int64_t batch = 1; batch < song.batches(); ++batch) {
    earlier.push_back(conditions_of(run, models.dit, song, song.songs_per_batch));
  }
  condition_batch(run, models, song);
  const uint64_t weights = weight_bytes(models.text_encoder.weights, holding.numbers) +
                           weight_bytes(models.dit.conditioning, holding.numbers);
  return {"condition", weights, memory.peak()};
}

}  // namespace acestep::plan
