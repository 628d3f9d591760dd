#include "pipeline/reference_audio.h"

#include "diffusion/noise.h"
#include "util/python_random.h"
#include "util/sha256.h"
#include "util/split_mix.h"

namespace acestep::pipeline {
namespace {

constexpr auto kWindowFrames =
    static_cast<int64_t>(audio::kReferenceWindowSeconds * audio::kReferenceRateHz);

at::Tensor latents_of_song(const ReferenceAudio& reference, const SongSeeds& seeds,
                           EncodeStage& stage) {
  util::SplitMix windows(util::seed_for(seeds.song, "reference windows"));
  const auto draw = [&](int64_t highest) {
    return static_cast<int64_t>(windows.below(static_cast<uint64_t>(highest) + 1));
  };
  at::Generator noise = diffusion::make_generator(util::seed_for(seeds.song, "reference audio"));
  return stage.run(reference.windows(draw), noise);
}

}  // namespace

ReferenceAudio::ReferenceAudio(const std::string& file, const audio::DecoderCall& decoder)
    : sha256_(util::sha256_of_file(file)),
      file_(file, decoder),
      sound_(file_.path(), "--reference_audio: " + file_.name()) {}

audio::Waveform ReferenceAudio::windows(const audio::DrawNumber& draw) const {
  return sound_.windows(audio::choose_windows(sound_.frames(), kWindowFrames, draw));
}

std::shared_ptr<const ReferenceAudio> open_reference(const request::GenerationRequest& request,
                                                     const audio::DecoderCall& decoder) {
  if (request.reference_audio.empty()) return nullptr;
  return std::make_shared<const ReferenceAudio>(request.reference_audio, decoder);
}

SongLatents reference_latents(const ReferenceAudio& reference, const std::vector<Batch>& batches,
                              EncodeStage& stage, ReferenceRandom random) {
  SongLatents latents;
  if (random.shared.defined()) {
    util::PythonRandom python(random.python_seed);
    const auto draw = [&](int64_t highest) { return python.integer(0, highest); };
    const at::Tensor of_all = stage.run(reference.windows(draw), random.shared);
    for (const Batch& batch : batches) latents.emplace_back(batch.seeds.size(), of_all);
    return latents;
  }
  for (const Batch& batch : batches) {
    std::vector<at::Tensor>& songs = latents.emplace_back();
    for (const SongSeeds& seeds : batch.seeds) {
      songs.push_back(latents_of_song(reference, seeds, stage));
    }
  }
  return latents;
}

}  // namespace acestep::pipeline
