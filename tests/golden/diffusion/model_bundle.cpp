#include "golden/diffusion/model_bundle.h"

#include <ATen/ATen.h>

#include "models/dit_parts.h"
#include "weights/safetensors_source.h"
#include "weights/torch_tensor_file.h"

namespace acestep::golden {

ModelBundle load_model_bundle(const std::filesystem::path& folder) {
  namespace part = models::dit_part;
  const models::DitConfig config = models::read_dit_config(folder);
  const auto source = weights::open_model_folder(folder);
  weights::WeightReader reader(*source, {}, folder.filename().string());
  const weights::WeightScope root = reader.root();
  ModelBundle bundle{config,
                     models::Dit(root.scope(part::kDecoder), config),
                     models::ConditionEncoder(root.scope(part::kEncoder), config),
                     models::AudioTokenizer(root.scope(part::kTokenizer), config),
                     models::AudioDetokenizer(root.scope(part::kDetokenizer), config),
                     models::take_null_condition(root, config),
                     weights::read_silence_latent(folder / "silence_latent.pt").transpose(1, 2)};
  reader.finish();
  return bundle;
}

diffusion::ScheduleFamily schedule_family(const models::DitConfig& config) {
  if (config.is_turbo) return diffusion::ScheduleFamily::kTurbo;
  return config.version == "base" ? diffusion::ScheduleFamily::kBase
                                  : diffusion::ScheduleFamily::kStandard;
}

}  // namespace acestep::golden
