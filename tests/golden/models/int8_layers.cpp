#include <algorithm>
#include <set>
#include <string>

#include "golden/models/runners.h"
#include "models/audio_detokenizer.h"
#include "models/audio_tokenizer.h"
#include "models/condition_encoder.h"
#include "models/dit.h"
#include "models/dit_config.h"
#include "models/dit_parts.h"
#include "weights/safetensors_source.h"
#include "weights/weight_scope.h"

namespace acestep::golden {
namespace {

using nlohmann::json;
using weights::LinearWeights;
using weights::WeightScope;

// fp8_weight_only becomes INT8, told (the table "quantization").
LinearWeights form_of(const std::string& quantization) {
  return quantization == "w8a8_dynamic" ? LinearWeights::kInt8Dynamic : LinearWeights::kInt8;
}

// The weights in INT8 when a transformer's folder is loaded as the engine does: its decoder in
// `form`, all other parts dense.
std::set<std::string> quantized_weights(const std::filesystem::path& folder, LinearWeights form) {
  const auto config = models::read_dit_config(folder);
  const auto source = weights::open_model_folder(folder);
  weights::QuantizedCount count;
  const weights::Placement dense{.device = at::kMeta, .quantized = &count};
  weights::Placement decoder = dense;
  decoder.linear = form;
  weights::WeightReader decoder_reader(*source, decoder, "decoder");
  models::Dit(decoder_reader.root().scope(models::dit_part::kDecoder), config);
  weights::WeightReader others(*source, dense, "other parts");
  models::ConditionEncoder(others.root().scope(models::dit_part::kEncoder), config);
  models::AudioTokenizer(others.root().scope(models::dit_part::kTokenizer), config);
  models::AudioDetokenizer(others.root().scope(models::dit_part::kDetokenizer), config);
  return {count.weights.begin(), count.weights.end()};
}

// A matrix of a linear layer, by its name.
bool is_linear(const std::string& name, const weights::TensorInfo& info) {
  return name.ends_with(".weight") && info.shape.size() == 2;
}

}  // namespace

// The reference quantises nothing once a model is compiled: its filter no longer knows the names.
// Nothing is compiled here, and its answer without compiling is asserted for every call.
void run_quantization_under_compile(const Case& the_case, Check& check) {
  const json& cases = the_case.data.at("cases");
  const std::filesystem::path folder = the_case.checkpoints / "acestep-v15-turbo";
  const auto source = weights::open_model_folder(folder);
  for (const json& one : cases) {
    const std::string id = one.at("id");
    const std::string quantization = one.at("in").at("quantization");
    const auto plain = std::find_if(cases.begin(), cases.end(), [&](const json& other) {
      return !other.at("in").at("compile").get<bool>() &&
             other.at("in").at("quantization") == quantization;
    });
    const json& expected = plain->at("out").at("quantized");
    const std::set<std::string> found = quantized_weights(folder, form_of(quantization));
    for (const std::string& name : source->names()) {
      if (!is_linear(name, *source->find(name))) continue;
      const std::string part = name.substr(0, name.find('.'));
      const char* counterpart = part == "decoder"   ? "decoder.l.weight"
                                : part == "encoder" ? "encoder.weight"
                                                    : "decoder.tokenizer.weight";
      check.equal(id + " " + name, found.contains(name), expected.at(counterpart));
    }
    check.count();
  }
}

}  // namespace acestep::golden
