#include "pipeline/listen_stage.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "alignment/consensus.h"
#include "condition/latent_plan.h"
#include "diffusion/noise.h"
#include "memory/oom_ladder.h"
#include "models/cross_listener.h"
#include "pipeline/memory_measures.h"
#include "request/sung_words.h"
#include "text/dit_prompt.h"
#include "util/error.h"

namespace acestep::pipeline {
namespace {

constexpr uint64_t kListeningSeed = 42;  // reference: generation_progress.py, scoring.py

alignment::HeadMaps to_head_maps(const std::vector<at::Tensor>& maps, int64_t frames) {
  alignment::HeadMaps heads;
  for (const at::Tensor& map : maps) {
    const at::Tensor values = map.narrow(1, 0, frames).contiguous();
    alignment::AttentionMap head(values.size(0), values.size(1));
    std::copy_n(values.const_data_ptr<float>(), head.values.size(), head.values.begin());
    heads.push_back(std::move(head));
  }
  return heads;
}

// Where the lyrics stand among a song's lyric rows: behind the header, before the end.
models::RowSpan lyric_rows(const std::vector<int64_t>& ids, const std::string& language,
                           const text::Tokenizer& tokenizer) {
  std::vector<int64_t> header = tokenizer.encode(text::lyrics_header(language));
  while (!header.empty() && header.back() == tokenizer.pad_id()) header.pop_back();
  const auto end = std::find(ids.begin(), ids.end(), tokenizer.pad_id()) - ids.begin();
  const auto first = std::min<int64_t>(static_cast<int64_t>(header.size()), end);
  return {first, end - first};
}

}  // namespace

// One song of a batch, as far as it is listened to.
struct ListenStage::Song {
  at::Tensor states;   // [1, L, H]
  at::Tensor context;  // [1, T, 128]
  at::Tensor latents;  // [1, T, 64] float32
  models::RowSpan rows = {};
  alignment::TokenIds ids = {};  // of these rows
  int64_t frames = 0;            // of its own
};

void require_ears(const Components& components, const ReviewOptions& options) {
  const bool must_listen =
      options.times_lyrics || (options.scores && options.by == RankBy::kLyrics);
  if (!must_listen || !components.dit_config().lyric_heads.empty()) return;
  const ModelFolder& dit = components.folders().dit;
  throw Error(ErrorCode::kUsage,
              dit.name + " does not say which attention heads follow the lyrics: " +
                  (dit.path / "config.json").string() +
                  " has no lyric_alignment_layers_config that fits",
              "use a model whose file has it, such as a published 2B one, or leave lrc out");
}

bool has_ears(const Components& components, song::Observer& observer) {
  if (!components.dit_config().lyric_heads.empty()) return true;
  observer.adjustment(
      {"by", "score", "lm",
       components.folders().dit.name + " does not say which attention heads follow the lyrics"});
  return false;
}

ListenStage::ListenStage(Components& components, const ReviewOptions& options,
                         const ListenInput& input, const song::StageContext& context)
    : components_(components),
      options_(options),
      input_(input),
      context_(context),
      tokenizer_(components.folders().text_encoder.path) {}

void ListenStage::run(std::vector<Review>& reviews) {
  context_.observer.stage("listen");
  memory::run_on_ladder(
      "listen", [&] { finish_all(reviews); },
      allowed(components_, {[this] { return offload_idle_models(components_); },
                            [this] { return stream_blocks(components_); }}),
      context_.observer);
}

std::vector<ListenStage::Song> ListenStage::songs() const {
  std::vector<Song> songs;
  for (std::size_t batch = 0; batch < input_.batches.size(); ++batch) {
    const auto& compositions = input_.batches[batch].compositions;
    for (std::size_t row = 0; row < compositions.size(); ++row) {
      // The lyrics of song n are text 2n + 1.
      songs.push_back(
          song_of(batch, static_cast<int64_t>(row), input_.texts.at(2 * songs.size() + 1).ids));
    }
  }
  return songs;
}

ListenStage::Song ListenStage::song_of(std::size_t batch, int64_t row,
                                       const std::vector<int64_t>& ids) const {
  const song::Composition& composition =
      input_.batches[batch].compositions[static_cast<std::size_t>(row)];
  const song::Conditioning& conditioning = input_.conditions[batch];
  Song song{
      .states = conditioning.conditions.states.narrow(0, row, 1),
      .context = conditioning.conditions.context.narrow(0, row, 1),
      .latents = input_.latents[batch].narrow(0, row, 1),
      .frames = input_.times_all_frames ? conditioning.frames : conditioning.requested_frames};
  if (!request::has_sung_words(composition.lyrics)) return song;
  song.rows = lyric_rows(ids, composition.language, tokenizer_);
  const auto first = ids.begin() + song.rows.first;
  song.ids.assign(first, first + song.rows.count);
  return song;
}

// What was done before memory ran out stays done.
void ListenStage::finish_all(std::vector<Review>& reviews) {
  const std::vector<Song> all = songs();
  ACE_CHECK(reviews.size() == all.size());
  const auto count = static_cast<int64_t>(all.size());
  for (; done_ < all.size(); ++done_) {
    context_.observer.step(static_cast<int64_t>(done_), count);
    context_.stop_here_if_asked();
    if (all[done_].rows.count > 0) review(all[done_], reviews[done_]);
  }
  context_.observer.step(count, count);
}

void ListenStage::review(const Song& song, Review& review) const {
  const int64_t steps = denoise_options(input_.request, components_.dit_config()).schedule.steps();
  const auto last_level = 1.0F / static_cast<float>(steps);
  alignment::HeadMaps heads;
  alignment::HeadMaps noise_heads;
  {
    const auto model = components_.diffusion_model();
    const models::CrossStates cross = model->dit.prepare(song.states, model.gate());
    heads = hear(song, model, cross, last_level);
    if (options_.scores_lyrics()) noise_heads = hear(song, model, cross, 1.0F);
  }
  const alignment::Decode decode = [this](const alignment::TokenIds& ids) {
    return tokenizer_.decode(ids);
  };
  if (options_.scores_lyrics()) {
    const std::vector<bool> is_sung = alignment::sung_tokens(song.ids, decode);
    review.lyric_score = score_lyrics(alignment::score_path(heads), is_sung);
    review.before_song = score_lyrics(alignment::score_path(noise_heads), is_sung);
  }
  if (!options_.times_lyrics) return;
  const alignment::SungLyrics sung{song.ids,
                                   static_cast<double>(song.frames) / condition::kFramesPerSecond,
                                   heads.front().frames};
  const alignment::Consensus found = find_consensus(std::move(heads));
  review.lyrics = time_lyrics(sung, find_path(found.evidence), decode);
}

// At noise level `level`: 1 is noise alone.
alignment::HeadMaps ListenStage::hear(const Song& song, const memory::Lease<DiffusionModel>& model,
                                      const models::CrossStates& cross, float level) const {
  const models::DitConfig& config = components_.dit_config();
  const at::Tensor noise = diffusion::NoiseStreams::per_song({kListeningSeed})
                               .draw(song.latents.size(1))
                               .to(song.latents.device());
  const at::Tensor noisy = noise * level + song.latents * (1.0F - level);
  const at::Tensor t = at::full({1}, level, noisy.options());
  models::CrossListener listener(config.lyric_heads, song.rows);
  model->dit.listen(noisy, song.context, t, cross, listener, model.gate());
  const int64_t positions = (song.frames + config.patch_frames - 1) / config.patch_frames;
  return to_head_maps(listener.maps(), positions);
}

}  // namespace acestep::pipeline
