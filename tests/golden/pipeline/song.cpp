#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <cmath>
#include <sstream>

#include "audio/reader.h"
#include "golden/load.h"
#include "golden/pipeline/runners.h"
#include "models/audio_codes.h"
#include "pipeline/engine.h"
#include "request/document.h"
#include "request/layer.h"
#include "request/presets.h"

namespace acestep::golden {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr double kLatentBound = 2e-5;  // relative L2
constexpr double kConditionBound = 1e-4;
constexpr double kFewestDecibels = 60.0;

class SilentObserver final : public song::Observer {
 public:
  void stage(std::string_view) override {}
  void step(int64_t, int64_t) override {}
  void adjustment(const song::Adjustment&) override {}
};

// The seeds that the reference really used ("11, 12").
std::vector<int64_t> used_seeds(const json& result) {
  std::vector<int64_t> seeds;
  std::istringstream text(result.at("seed_value").get<std::string>());
  for (std::string part; std::getline(text, part, ',');) seeds.push_back(std::stoll(part));
  return seeds;
}

// The case's request through the program's own reader, with the reference's defaults.
request::GenerationRequest read_request(const fs::path& folder, const json& result) {
  const json stored = read_json(folder / "request.json");
  json flat = stored.at("params");
  flat.update(stored.at("config"));
  flat["compat"] = "reference";
  request::Findings findings;
  const request::Document document = request::read_request_json(flat.dump(), "request.json");
  request::Gathered gathered =
      request::gather({request::read_layer(document, findings).layer}, findings);
  request::apply_preset(gathered, request::family_of(stored.at("model").get<std::string>()),
                        findings);
  request::GenerationRequest request = gathered.settings;
  if (!request.reference_audio.empty()) {
    request.reference_audio = (folder.parent_path() / "sources" / request.reference_audio).string();
  }
  if (!request.src_audio.empty()) {
    request.src_audio = (folder.parent_path() / "sources" / request.src_audio).string();
  }
  request.seeds = used_seeds(result);
  request.batch_size = static_cast<int64_t>(request.seeds.size());
  return request;
}

pipeline::ModelFolders model_folders(const Case& the_case, const json& stored) {
  const json& lm = stored.at("lm_model");
  return pipeline::find_models({the_case.checkpoints, stored.at("model").get<std::string>(),
                                lm.is_null() ? "none" : lm.get<std::string>()});
}

void check_passes(const pipeline::Rendering& rendering, const json& result, Check& check) {
  const json& expected = result.at("lm_passes");
  check.equal("number of passes", rendering.passes.size(), expected.size());
  if (rendering.passes.size() != expected.size()) return;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const lm::ComposePass& pass = rendering.passes[i];
    const std::string label = "pass " + std::to_string(i) + " ";
    check.equal(label + "prompt", pass.request.prompt, expected[i].at("prompt"));
    if (expected[i].contains("unconditional_prompt")) {
      check.equal(label + "unconditional prompt", pass.request.unconditional_prompt,
                  expected[i].at("unconditional_prompt"));
    }
    json ids = json::array({pass.result.prompt_ids});
    if (!pass.result.unconditional_ids.empty()) ids.push_back(pass.result.unconditional_ids);
    check.equal(label + "prompt ids", ids, expected[i].at("prompt_ids"));
    check.equal(label + "max_new_tokens", pass.request.max_new_tokens,
                expected[i].at("max_new_tokens"));
    check.equal(label + "new ids", pass.result.new_ids, expected[i].at("new_ids"));
    check.equal(label + "output", pass.result.text, expected[i].at("output"));
  }
}

void check_texts(const pipeline::Rendering& rendering, const json& result, Check& check) {
  const json& expected = result.at("tokenizer_calls");
  check.equal("number of texts", rendering.texts.size(), expected.size());
  if (rendering.texts.size() != expected.size()) return;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const std::string label = "text " + std::to_string(i);
    check.equal(label, rendering.texts[i].text, expected[i].at("text"));
    check.equal(label + " ids", json::array({rendering.texts[i].ids}), expected[i].at("ids"));
  }
}

void check_codes(const pipeline::Rendering& rendering, const json& result, Check& check) {
  const json& expected = result.at("audio_codes");
  for (std::size_t i = 0; i < rendering.songs.size() && i < expected.size(); ++i) {
    check.equal("codes " + std::to_string(i), rendering.songs[i].composition.audio_codes,
                expected[i]);
  }
}

double relative_error(const at::Tensor& actual, const at::Tensor& expected) {
  const at::Tensor a = actual.to(at::kDouble);
  const at::Tensor b = expected.to(at::kDouble);
  if (a.sizes() != b.sizes()) return INFINITY;
  return (a - b).norm().item<double>() / b.norm().item<double>();
}

void check_conditions(const Case& the_case, const pipeline::Rendering& rendering, Check& check) {
  check.equal("number of batches", rendering.conditions.size(), 1);
  const song::ConditionSet& conditions = rendering.conditions.front().conditions;
  check.tensor("encoder_attention_mask", conditions.mask.to(at::kByte));
  const at::Tensor mean_square = conditions.states.to(at::kFloat).square().mean(-1);
  const at::Tensor& expected = the_case.tensor("encoder_hidden_states_rms");
  check.tensor("encoder_hidden_states_rms", mean_square.sqrt(), expected, kConditionBound);
  if (the_case.has("lm_hints_25hz")) {
    const at::Tensor& hints = the_case.tensor("lm_hints_25hz");
    check.measured("lm_hints_25hz",
                   relative_error(conditions.context.narrow(2, 0, hints.size(2)), hints),
                   kConditionBound);
  }
}

void check_latents(const Case& the_case, const pipeline::Rendering& rendering, Check& check) {
  const at::Tensor& expected = the_case.tensor("latents");
  for (std::size_t i = 0; i < rendering.songs.size(); ++i) {
    check.measured("latents " + std::to_string(i),
                   relative_error(rendering.songs[i].latents, expected[static_cast<int64_t>(i)]),
                   kLatentBound);
  }
}

// Signal to noise in decibels; infinite for equal signals.
double decibels(const at::Tensor& expected, const at::Tensor& actual) {
  const double noise = (expected - actual).square().sum().item<double>();
  const double signal = expected.square().sum().item<double>();
  return noise == 0.0 ? INFINITY : 10.0 * std::log10(signal / noise);
}

at::Tensor samples_of(const audio::Waveform& waveform) {
  return at::from_blob(const_cast<float*>(waveform.samples.data()),
                       {waveform.channels, waveform.frames()}, at::kFloat)
      .to(at::kDouble);
}

// The measure is the share of noise: 10^(-dB/20), at most 10^-3.
void check_signal(const std::string& label, const at::Tensor& actual, const at::Tensor& expected,
                  Check& check) {
  if (actual.sizes() != expected.sizes()) return check.fail(label + ": another length");
  const double noise_share = std::pow(10.0, -decibels(expected, actual) / 20.0);
  check.measured(label, noise_share, std::pow(10.0, -kFewestDecibels / 20.0));
}

void check_audio(const Case& the_case, const pipeline::Rendering& rendering, const json& result,
                 Check& check) {
  const json& audio = result.at("audio");
  for (std::size_t i = 0; i < rendering.songs.size(); ++i) {
    const std::string label = "audio " + std::to_string(i);
    const at::Tensor samples = samples_of(rendering.songs[i].waveform);
    check.equal(label + " samples", samples.size(1), audio.at("samples"));
    check.equal(label + " rate", rendering.songs[i].waveform.sample_rate_hz,
                audio.at("sample_rate"));
    if (i < audio.at("files").size()) {
      const auto file = the_case.folder / audio.at("files")[i].get<std::string>();
      check_signal(label, samples, samples_of(audio::read_audio(file)), check);
      continue;
    }
    const auto song = static_cast<int64_t>(i);
    const at::Tensor head = the_case.tensor("audio_head")[song].to(at::kDouble);
    const at::Tensor tail = the_case.tensor("audio_tail")[song].to(at::kDouble);
    check_signal(label + " head", samples.narrow(1, 0, head.size(1)), head, check);
    check_signal(label + " tail", samples.narrow(1, samples.size(1) - tail.size(1), tail.size(1)),
                 tail, check);
  }
}

}  // namespace

void run_song(const Case& the_case, Check& check) {
  const json stored = read_json(the_case.folder / "request.json");
  const json result = read_json(the_case.folder / "result.json");
  const pipeline::ModelFolders folders = model_folders(the_case, stored);
  pipeline::require_models(folders, the_case.checkpoints);
  pipeline::Components components(folders, {}, {});
  SilentObserver observer;
  pipeline::Engine engine(components,
                          {.follows_reference = true,
                           .global_seed = stored.at("global_torch_seed").get<uint64_t>(),
                           .python_seed = stored.at("python_random_seed").get<uint64_t>()},
                          {.observer = observer, .check_stop = {}});
  const pipeline::Rendering rendering = engine.render(read_request(the_case.folder, result));

  check.equal("songs", rendering.songs.size(), result.at("audio_codes").size());
  check_passes(rendering, result, check);
  check_texts(rendering, result, check);
  check_codes(rendering, result, check);
  check_conditions(the_case, rendering, check);
  check_latents(the_case, rendering, check);
  check_audio(the_case, rendering, result, check);
  check.count();
}

}  // namespace acestep::golden
