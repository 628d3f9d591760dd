#include <algorithm>

#include "plan/decode_tile.h"
#include "plan/draft.h"
#include "plan/size_text.h"

namespace acestep::plan {
namespace {

// Of an XL model where it only just fits.
constexpr int64_t kSongsOfMarginalXl = 2;

std::string limit_name(const Draft& draft) {
  return "limit of " + draft.tier_name() + " (" + size_text(draft.plan.device.tier_gib) + ") " +
         (draft.plan.init_lm.value ? "with" : "without") + " a language model";
}

void decide_songs_together(Draft& draft, int64_t limit) {
  Plan& plan = draft.plan;
  plan.max_songs_together = {limit, limit_name(draft), draft.default_source()};
  const bool is_tight = plan.device.is_gpu() && plan.dit().is_xl &&
                        draft.tier().xl <= XlSupport::kMarginal && limit > kSongsOfMarginalXl;
  if (is_tight) {
    plan.max_songs_together = {kSongsOfMarginalXl,
                               "XL models only just fit on " + draft.tier_name(), Source::kForced};
  }
  const int64_t most = plan.max_songs_together.value;
  if (draft.song.songs <= most) {
    plan.songs_together = {draft.song.songs, "all at once", Source::kDefault};
    return;
  }
  plan.songs_together = {most, plan.max_songs_together.reason, Source::kForced};
  draft.adjust("batch_size", draft.song.songs, most,
               plan.max_songs_together.reason +
                   ": so many are computed together, the others "
                   "follow in turns");
}

}  // namespace

void decide_limits(Draft& draft) {
  Plan& plan = draft.plan;
  const Limits& limits = draft.tier().limits(plan.init_lm.value);
  const auto longest = static_cast<double>(limits.seconds);
  plan.max_duration = {longest, limit_name(draft), draft.default_source()};
  const auto& asked = draft.song.seconds;
  if (!asked) {
    plan.duration = {std::nullopt, "left open", Source::kDefault};
  } else if (*asked <= longest) {
    plan.duration = {asked, "asked for", Source::kUser};
  } else {
    plan.duration = {longest, limit_name(draft), Source::kForced};
    draft.adjust("duration", *asked, longest, limit_name(draft));
  }
  decide_songs_together(draft, limits.songs);
}

void decide_decoding(Draft& draft) {
  Plan& plan = draft.plan;
  const Wishes& wishes = draft.wishes;
  if (wishes.vae_chunk_frames) {
    plan.vae_chunk_frames = {wishes.vae_chunk_frames, "asked for", Source::kUser};
  } else {
    plan.vae_chunk_frames = {std::nullopt, "the largest tile that fits free memory",
                             Source::kDefault};
  }
  if (wishes.vae_overlap_frames) {
    plan.vae_overlap_frames = {wishes.vae_overlap_frames, "asked for", Source::kUser};
  } else if (wishes.vae_chunk_frames) {
    plan.vae_overlap_frames = {overlap_frames(*wishes.vae_chunk_frames), "by the size of a tile",
                               Source::kDefault};
  } else {
    plan.vae_overlap_frames = {std::nullopt, "by the size of a tile", Source::kDefault};
  }
  const bool is_on_cpu = wishes.vae_on_cpu.value_or(!plan.device.is_gpu());
  plan.vae_on_cpu = {is_on_cpu, wishes.vae_on_cpu ? "asked for" : "where the song is computed",
                     wishes.vae_on_cpu ? Source::kUser : Source::kDefault};
}

}  // namespace acestep::plan
