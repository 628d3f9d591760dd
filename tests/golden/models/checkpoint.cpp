#include "golden/models/checkpoint.h"

#include "weights/safetensors_source.h"

namespace acestep::golden {

DitCheckpoint open_checkpoint(const Case& the_case) {
  const std::filesystem::path folder =
      the_case.checkpoints / the_case.entry.at("model").get<std::string>();
  return {weights::open_model_folder(folder), models::read_dit_config(folder)};
}

}  // namespace acestep::golden
