#include "pipeline/decode_stage.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "codec/decoder.h"
#include "device/usable_memory.h"
#include "memory/oom_ladder.h"
#include "pipeline/memory_measures.h"
#include "plan/decode_tile.h"

namespace acestep::pipeline {
namespace {

codec::TileObserver tell_tiles(const song::StageContext& context) {
  return [&context](const codec::TileProgress& at) {
    context.observer.step((at.item - 1) * at.tiles + at.tile, at.items * at.tiles);
    context.stop_here_if_asked();
  };
}

std::string tile_text(int64_t frames) { return std::to_string(frames) + " frames"; }

}  // namespace

codec::Tiling DecodeStage::choose_tiling(int64_t frames, uint64_t free_bytes) const {
  const auto with_overlap = [&](int64_t tile) {
    return codec::Tiling{tile, options_.vae_overlap_frames.value_or(plan::kOverlapFrames)};
  };
  if (options_.vae_chunk_frames) return with_overlap(std::min(*options_.vae_chunk_frames, frames));
  if (options_.follows_reference) return codec::kDefaultDecodeTiling;
  const bool is_on_cpu = components_.decode_device().is_cpu();
  const int64_t longest = is_on_cpu ? std::min(frames, plan::kHostTileFrames) : frames;
  const auto bytes = [&](int64_t tile) { return components_.decode_bytes(tile); };
  // Where not even the smallest tile fits by the numbers, it is tried all the same.
  return with_overlap(
      plan::largest_tile(longest, free_bytes, bytes).value_or(plan::kTileFrames.front()));
}

DecodePlace DecodeStage::choose_place(const at::Tensor& latents) const {
  const at::Device device = components_.decode_device();
  const int64_t frames = latents.size(1);
  const uint64_t free_bytes = device::usable_bytes(device);
  DecodePlace place{.tiling = choose_tiling(frames, free_bytes), .is_on_cpu = device.is_cpu()};
  if (device.is_cpu()) return place;
  // The sound stays on the device where that costs no smaller tiles.
  const uint64_t sound =
      components_.waveform_bytes(frames) * static_cast<uint64_t>(latents.size(0));
  const codec::Tiling beside = choose_tiling(frames, free_bytes - std::min(free_bytes, sound));
  place.holds_waveform = sound < free_bytes && beside.chunk == place.tiling.chunk;
  return place;
}

const models::OobleckDecoder& DecodeStage::decoder() {
  if (!lease_) {
    if (place_ && place_->is_on_cpu && !components_.decode_device().is_cpu()) {
      lease_.emplace(components_.host_decoder());
    } else {
      lease_.emplace(components_.decoder());
    }
  }
  return **lease_;
}

at::Tensor DecodeStage::decode(const at::Tensor& latents) {
  const models::OobleckDecoder& model = decoder();
  if (!place_) place_ = choose_place(latents);
  const at::Device device = model.device;
  const at::Tensor input = latents.transpose(1, 2).to(device);
  return codec::decode_tiles(model, input, place_->tiling, tell_tiles(context_),
                             place_->holds_waveform ? device : at::Device(at::kCPU))
      .to(at::kCPU);
}

at::Tensor DecodeStage::run(const at::Tensor& latents) {
  context_.observer.stage("decode");
  if (!has_given_up_) place_.reset();
  at::Tensor audio;
  memory::run_on_ladder(
      "decode", [&] { audio = decode(latents); },
      allowed(components_,
              {[&] { return offload_idle_models(components_); }, [&] { return halve_tiles(); },
               [&] { return free_waveform(); }, [&] { return move_to_cpu(); }}),
      context_.observer);
  tile_frames_ = std::min(place_->tiling.chunk, latents.size(1));
  return audio;
}

std::optional<song::Adjustment> DecodeStage::halve_tiles() {
  constexpr int64_t kSmallest = plan::kTileFrames.front();
  if (!place_ || place_->tiling.chunk <= kSmallest) return std::nullopt;
  has_given_up_ = true;
  codec::Tiling& tiling = place_->tiling;
  const int64_t before = tiling.chunk;
  tiling.chunk = plan::next_smaller_tile(before);
  return song::Adjustment{"vae_chunk_size", tile_text(before), tile_text(tiling.chunk), {}};
}

std::optional<song::Adjustment> DecodeStage::free_waveform() {
  if (!place_ || !place_->holds_waveform) return std::nullopt;
  has_given_up_ = true;
  place_->holds_waveform = false;
  return song::Adjustment{"vae_waveform", "device", "cpu", {}};
}

std::optional<song::Adjustment> DecodeStage::move_to_cpu() {
  const bool may_move = components_.policy().may_decode_on_cpu;
  if (!may_move || (place_ && place_->is_on_cpu)) return std::nullopt;
  if (!place_) place_ = DecodePlace{};
  has_given_up_ = true;
  place_->is_on_cpu = true;
  if (place_->tiling.chunk == 0) place_->tiling = {plan::kHostTileFrames, plan::kOverlapFrames};
  lease_.reset();
  return song::Adjustment{"vae_on_cpu", "off", "on", {}};
}

}  // namespace acestep::pipeline
