#include "condition/conditioner.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <utility>

#include "condition/context.h"
#include "util/error.h"

namespace acestep::condition {
namespace {

LatentPlan plan_lengths(const std::vector<ConditionRequest>& songs) {
  std::vector<LengthRequest> lengths;
  for (const ConditionRequest& song : songs) {
    lengths.push_back({song.seconds, static_cast<int64_t>(song.audio_codes.size()),
                       song.source.defined() ? song.source.size(0) : 0});
  }
  return plan_latents(lengths);
}

std::vector<SourceUse> source_uses(const std::vector<ConditionRequest>& songs) {
  std::vector<SourceUse> uses;
  for (const ConditionRequest& song : songs) {
    uses.push_back(song.source_use);
    uses.back().has_codes = !song.audio_codes.empty();
  }
  return uses;
}

std::vector<PromptTokens> prompts_of(const std::vector<ConditionRequest>& songs) {
  std::vector<PromptTokens> prompts;
  for (const ConditionRequest& song : songs) prompts.push_back(song.prompt);
  return prompts;
}

std::vector<PromptTokens> source_prompts_of(const std::vector<ConditionRequest>& songs) {
  std::vector<PromptTokens> prompts;
  for (const ConditionRequest& song : songs) {
    ACE_CHECK(song.source_prompt.has_value());
    prompts.push_back(*song.source_prompt);
  }
  return prompts;
}

}  // namespace

// What a song is made from: its codes, its source audio or silence; [1, frames, 64].
at::Tensor Conditioner::song_source(const ConditionRequest& song, int64_t frames,
                                    at::Device device) const {
  if (!song.audio_codes.empty()) {
    const at::Tensor hints =
        hints_from_codes(song.audio_codes, models_.tokenizer, models_.detokenizer, device);
    return fit_frames(hints, models_.silence, frames);
  }
  if (song.source.defined()) {
    return fit_frames(song.source.unsqueeze(0).to(models_.silence.options()), models_.silence,
                      frames);
  }
  return silence_frames(models_.silence, frames);
}

// Songs with codes are their own hints. Covers of source audio go through their tokens, unless any
// song of the batch has codes (reference: precomputed hints then serve the whole batch).
at::Tensor Conditioner::cover_hints(const std::vector<ConditionRequest>& songs,
                                    const at::Tensor& source) const {
  std::vector<at::Tensor> hints;
  bool any_codes = false;
  for (std::size_t i = 0; i < songs.size(); ++i) {
    const bool has_codes = !songs[i].audio_codes.empty();
    any_codes = any_codes || has_codes;
    hints.push_back(has_codes
                        ? source.slice(0, static_cast<int64_t>(i), static_cast<int64_t>(i) + 1)
                        : silence_frames(models_.silence, source.size(1)).to(source.options()));
  }
  if (any_codes) return at::cat(hints, 0);
  return hints_from_source(source, models_.silence, models_.tokenizer, models_.detokenizer);
}

// One reference per song, [B, R, 64].
at::Tensor Conditioner::references(const std::vector<ConditionRequest>& songs) const {
  const auto count = static_cast<int64_t>(songs.size());
  if (!songs.front().reference.defined()) {
    const int64_t frames = std::min(models_.reference_frames, models_.silence.size(1));
    return models_.silence.slice(1, 0, frames).expand({count, -1, -1});
  }
  std::vector<at::Tensor> rows;
  for (const ConditionRequest& song : songs) {
    ACE_CHECK(song.reference.defined());
    rows.push_back(song.reference.unsqueeze(0).to(models_.silence.options()));
  }
  return at::cat(rows, 0);
}

// What of the source the DiT hears.
at::Tensor Conditioner::heard_source(const std::vector<ConditionRequest>& songs,
                                     const at::Tensor& source, const at::Tensor& is_cover) const {
  if (songs.front().hears_silence) {
    return silence_frames(models_.silence, source.size(1)).expand_as(source).to(source.options());
  }
  if (!is_cover.any().item<bool>()) return source;
  return replace_covers(source, cover_hints(songs, source), is_cover);
}

song::ConditionSet Conditioner::condition_set(const EncodedText& text, const EncodedText& lyrics,
                                              const at::Tensor& references,
                                              at::Tensor context) const {
  const at::Tensor order = at::arange(
      text.states.size(0), at::TensorOptions(at::kLong).device(models_.silence.device()));
  const models::PackedCondition packed = models_.condition_encoder(
      text.states, text.mask, lyrics.states, lyrics.mask, references, order);
  return {packed.states, packed.mask, std::move(context)};
}

song::Conditioning Conditioner::run(const std::vector<ConditionRequest>& songs,
                                    const song::StageContext& context) const {
  ACE_CHECK(!songs.empty());
  context.observer.stage("condition");
  context.stop_here_if_asked();
  const LatentPlan plan = plan_lengths(songs);
  const ChunkMasks masks = make_chunk_masks(source_uses(songs), plan.frames);
  const EncodedPrompts prompts =
      encode_prompts(prompts_of(songs), models_.pad_id, models_.text_encoder, context.device);

  const at::Tensor silence = silence_frames(models_.silence, plan.frames);
  std::vector<at::Tensor> sources;
  for (const ConditionRequest& song : songs) {
    sources.push_back(song_source(song, plan.frames, context.device));
  }
  const at::Tensor clean = at::cat(sources, 0);
  const at::Tensor is_source = masks.is_source.unsqueeze(-1).to(context.device);
  const at::Tensor source = at::where(is_source, clean, silence.to(clean.options()));
  const at::Tensor heard = heard_source(songs, source, masks.is_cover);
  const at::Tensor references = this->references(songs);

  song::Conditioning conditioning;
  conditioning.conditions =
      condition_set(prompts.text, prompts.lyrics, references, make_context(heard, masks.chunk));
  if (prompts.text_without_cover) {
    const at::Tensor nothing = silence.expand_as(source).to(source.options());
    conditioning.without_cover = condition_set(*prompts.text_without_cover, prompts.lyrics,
                                               references, make_context(nothing, masks.chunk));
  }
  if (songs.front().source_prompt) {
    const EncodedPrompts of_source = encode_prompts(source_prompts_of(songs), models_.pad_id,
                                                    models_.text_encoder, context.device);
    conditioning.of_source = condition_set(of_source.text, of_source.lyrics, references,
                                           conditioning.conditions.context);
  }
  if (masks.is_new.defined()) {
    conditioning.kept = song::KeptSource{masks.is_new.to(context.device), clean.to(at::kFloat)};
  }
  conditioning.source = source.to(at::kFloat);
  conditioning.frames = plan.frames;
  conditioning.requested_frames =
      *std::max_element(plan.requested_frames.begin(), plan.requested_frames.end());
  return conditioning;
}

}  // namespace acestep::condition
