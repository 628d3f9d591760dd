#include "pipeline/encode_stage.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <string>

#include "codec/encoder.h"
#include "device/usable_memory.h"
#include "memory/oom_ladder.h"
#include "pipeline/memory_measures.h"
#include "plan/decode_tile.h"

namespace acestep::pipeline {
namespace {

codec::TileObserver tell_windows(const song::StageContext& context) {
  return [&context](const codec::TileProgress& at) {
    context.observer.step(at.tile, at.tiles);
    context.stop_here_if_asked();
  };
}

std::string window_text(int64_t frames) { return std::to_string(frames) + " frames"; }

// [1, channels, samples]; refers to the waveform.
at::Tensor tensor_of(const audio::Waveform& sound) {
  return at::from_blob(const_cast<float*>(sound.samples.data()),
                       {1, sound.channels, sound.frames()}, at::kFloat);
}

}  // namespace

at::Tensor sample_latents(const models::LatentDistribution& distribution,
                          at::Generator& generator) {
  return codec::sample(distribution, generator).squeeze(0).t().contiguous().to(at::kCPU);
}

EncodeStage::Place EncodeStage::choose_place(int64_t frames) const {
  const at::Device device = components_.encode_device();
  Place place{.overlap_frames = plan::kOverlapFrames, .is_on_cpu = device.is_cpu()};
  if (options_.encode_window_frames || options_.follows_reference) {
    place.window_frames =
        options_.encode_window_frames.value_or(plan::reference_window(std::nullopt));
    if (options_.follows_reference) place.overlap_frames = plan::kReferenceWindowOverlap;
    return place;
  }
  const int64_t longest = device.is_cpu() ? std::min(frames, plan::kHostTileFrames) : frames;
  const auto bytes = [&](int64_t window) { return components_.encode_bytes(window); };
  // Where not even the smallest window fits by the numbers, it is tried all the same.
  place.window_frames = plan::largest_tile(longest, device::usable_bytes(device), bytes)
                            .value_or(plan::kTileFrames.front());
  return place;
}

// Runs encode(model, sound, tiling) where and in windows for which there is room.
template <typename Encode>
void EncodeStage::climb(const audio::Waveform& sound, const Encode& encode) {
  const int64_t hop = components_.vae_config().hop_samples();
  const int64_t frames = (sound.frames() + hop - 1) / hop;
  context_.observer.stage("encode");
  if (!has_given_up_) place_.reset();
  const auto work = [&] {
    const bool is_moved = place_ && place_->is_on_cpu && !components_.encode_device().is_cpu();
    const auto model = is_moved ? components_.host_encoder() : components_.encoder();
    if (!place_) place_ = choose_place(frames);
    const codec::Tiling tiling{place_->window_frames * hop, place_->overlap_frames * hop};
    encode(*model, tensor_of(sound), tiling);
  };
  memory::run_on_ladder(
      "encode", work,
      allowed(components_, {[&] { return offload_idle_models(components_); },
                            [&] { return halve_windows(); }, [&] { return move_to_cpu(); }}),
      context_.observer);
  window_frames_ = std::min(place_->window_frames, frames);
}

at::Tensor EncodeStage::run(const audio::Waveform& sound, at::Generator& generator) {
  if (!options_.follows_reference) return sample_latents(distribution(sound), generator);
  const at::Tensor before = generator.get_state();
  at::Tensor latents;
  climb(sound, [&](const auto& model, const at::Tensor& audio, const codec::Tiling& tiling) {
    generator.set_state(before);  // also when a first try has drawn from it
    latents = codec::encode_tiles(model, audio, generator, tiling, tell_windows(context_));
  });
  return latents.squeeze(0).t().contiguous();
}

models::LatentDistribution EncodeStage::distribution(const audio::Waveform& sound) {
  models::LatentDistribution found;
  climb(sound, [&](const auto& model, const at::Tensor& audio, const codec::Tiling& tiling) {
    found = codec::encode_distribution(model, audio, tiling, tell_windows(context_));
  });
  return found;
}

std::optional<song::Adjustment> EncodeStage::halve_windows() {
  constexpr int64_t kSmallest = plan::kTileFrames.front();
  if (!place_ || place_->window_frames <= kSmallest) return std::nullopt;
  has_given_up_ = true;
  const int64_t before = place_->window_frames;
  place_->window_frames = plan::next_smaller_tile(before);
  // The reference's overlap leaves no room in small windows.
  place_->overlap_frames = std::min(place_->overlap_frames, plan::kOverlapFrames);
  return song::Adjustment{
      "vae_window", window_text(before), window_text(place_->window_frames), {}};
}

std::optional<song::Adjustment> EncodeStage::move_to_cpu() {
  const bool may_move = components_.policy().may_decode_on_cpu;
  if (!may_move || (place_ && place_->is_on_cpu)) return std::nullopt;
  if (!place_) place_ = Place{plan::kHostTileFrames, plan::kOverlapFrames, false};
  has_given_up_ = true;
  place_->is_on_cpu = true;
  return song::Adjustment{"vae_on_cpu", "off", "on", {}};
}

}  // namespace acestep::pipeline
