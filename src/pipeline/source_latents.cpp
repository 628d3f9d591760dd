#include "pipeline/source_latents.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "condition/context.h"
#include "condition/latent_plan.h"
#include "diffusion/noise.h"
#include "util/split_mix.h"

namespace acestep::pipeline {
namespace {

SongLatents the_same_for_all(const std::vector<Batch>& batches, const at::Tensor& latents) {
  SongLatents all;
  for (const Batch& batch : batches) all.emplace_back(batch.seeds.size(), latents);
  return all;
}

}  // namespace

bool is_heard(const std::vector<Batch>& batches) {
  const auto hears = [](const song::Composition& song) { return song.audio_codes.empty(); };
  return std::any_of(batches.begin(), batches.end(), [&](const Batch& batch) {
    return std::any_of(batch.compositions.begin(), batch.compositions.end(), hears);
  });
}

SongLatents known_latents(const TaskSource& source, const std::vector<Batch>& batches,
                          const at::Tensor& silence) {
  const auto quiet = [&](int64_t samples) {
    return condition::silence_frames(silence, samples / condition::kFrameSamples)
        .squeeze(0)
        .to(at::kCPU, at::kFloat);
  };
  if (!source.latents.defined()) {
    return the_same_for_all(batches, quiet(source.place.total_samples));
  }
  return the_same_for_all(batches, at::cat({quiet(source.place.left_samples), source.latents,
                                            quiet(source.place.right_samples)}));
}

SongLatents encoded_latents(const TaskSource& source, const std::vector<Batch>& batches,
                            EncodeStage& stage, at::Generator global) {
  if (global.defined()) return the_same_for_all(batches, stage.run(source.sound, global));
  const models::LatentDistribution heard = stage.distribution(source.sound);
  SongLatents all;
  for (const Batch& batch : batches) {
    std::vector<at::Tensor>& songs = all.emplace_back();
    for (const SongSeeds& seeds : batch.seeds) {
      at::Generator own = diffusion::make_generator(util::seed_for(seeds.song, "source audio"));
      songs.push_back(sample_latents(heard, own));
    }
  }
  return all;
}

}  // namespace acestep::pipeline
