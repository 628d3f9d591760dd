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
  if (draft.wishes.follows_reference) {
    plan.songs_together = {draft.song.songs, "the reference computes all at once", Source::kForced};
    return;
  }
  if (!plan.device.is_gpu()) {
    plan.songs_together = {1, "a processor gains nothing from more", Source::kDefault};
    return;
  }
  if (draft.wishes.songs_together) {
    plan.songs_together = {std::min(*draft.wishes.songs_together, draft.song.songs), "asked for",
                           Source::kUser};
    return;
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

using Frames = Decided<std::optional<int64_t>>;

Frames tile_of(const Draft& draft) {
  if (draft.wishes.vae_chunk_frames) {
    return {draft.wishes.vae_chunk_frames, "asked for", Source::kUser};
  }
  if (!draft.wishes.follows_reference) {
    return {std::nullopt, "the largest tile that fits free memory", Source::kDefault};
  }
  const Device& device = draft.plan.device;
  std::optional<double> free_gib;
  if (device.is_gpu()) free_gib = to_gib(device.free_bytes);
  return {reference_tile(free_gib), "the reference's", Source::kForced};
}

Frames overlap_of(const Draft& draft) {
  if (draft.wishes.vae_overlap_frames) {
    return {draft.wishes.vae_overlap_frames, "asked for", Source::kUser};
  }
  if (draft.wishes.follows_reference) {
    return {kReferenceOverlapFrames, "the reference's", Source::kForced};
  }
  return {kOverlapFrames, "a sample depends on 9 frames to either side", Source::kDefault};
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
  } else if (*asked <= longest || draft.wishes.follows_reference) {
    // The reference's command line shortens nothing.
    plan.duration = {asked, "asked for", Source::kUser};
  } else {
    plan.duration = {longest, limit_name(draft), Source::kForced};
    draft.adjust("duration", *asked, longest, limit_name(draft));
  }
  decide_songs_together(draft, limits.songs);
}

void decide_decoding(Draft& draft) {
  Plan& plan = draft.plan;
  plan.vae_chunk_frames = tile_of(draft);
  plan.vae_overlap_frames = overlap_of(draft);
  if (draft.wishes.vae_on_cpu) {
    plan.vae_on_cpu = {*draft.wishes.vae_on_cpu, "asked for", Source::kUser};
  } else if (!plan.device.is_gpu() || plan.device.kind == DeviceKind::kSimulated) {
    // What is free on a simulated card is known when it decodes.
    plan.vae_on_cpu = {!plan.device.is_gpu(), "where the song is computed", Source::kDefault};
  } else {
    const double free_gib = to_gib(plan.device.free_bytes);
    const bool is_full = decodes_on_cpu(false, free_gib);
    plan.vae_on_cpu = {is_full, size_text(free_gib) + " of the card are free",
                       is_full ? Source::kForced : draft.default_source()};
  }
}

}  // namespace acestep::plan
