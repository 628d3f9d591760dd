// All of a DiT folder that conditions and sampling use, in float32 on the CPU.
#pragma once

#include <filesystem>

#include "diffusion/schedule.h"
#include "models/audio_detokenizer.h"
#include "models/audio_tokenizer.h"
#include "models/condition_encoder.h"
#include "models/dit.h"
#include "models/dit_config.h"

namespace acestep::golden {

struct ModelBundle {
  models::DitConfig config;
  models::Dit dit;
  models::ConditionEncoder condition_encoder;
  models::AudioTokenizer tokenizer;
  models::AudioDetokenizer detokenizer;
  at::Tensor null_condition;  // [1, 1, H]
  at::Tensor silence;         // [1, S, 64]
};

ModelBundle load_model_bundle(const std::filesystem::path& folder);

// Which step-counting rule a model folder follows.
diffusion::ScheduleFamily schedule_family(const models::DitConfig& config);

}  // namespace acestep::golden
