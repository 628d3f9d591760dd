// The result object that --json prints (docs/CLI.md).
#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "memory/move_log.h"
#include "pipeline/engine.h"
#include "pipeline/song_writer.h"
#include "song/observer.h"
#include "weights/weight_scope.h"

namespace acestep::pipeline {

nlohmann::json adjustments_json(const std::vector<song::Adjustment>& adjustments);

// One element of "audios".
nlohmann::json audio_json(const Song& song, const WrittenSong& written,
                          const nlohmann::json& record);

struct RunSummary {
  const std::vector<song::Adjustment>& adjustments;
  song::Composition first = {};  // of the first song
  at::Device device = at::kCPU;
  std::string device_name = {};
  bool has_prompts = false;
  weights::QuantizedCount quantized_dit = {};
  weights::QuantizedCount quantized_language_model = {};
  std::map<std::string, memory::Moves> moves = {};  // by component
};

nlohmann::json result_json(nlohmann::json audios, const Rendering& rendering,
                           const RunSummary& summary);

}  // namespace acestep::pipeline
