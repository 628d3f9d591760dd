// Models loaded into host memory compute on the simulated GPU once every visited weight is there: a
// forgotten one would be refused as being on the wrong device.
#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "models/audio_detokenizer.h"
#include "models/audio_tokenizer.h"
#include "models/condition_encoder.h"
#include "models/dit.h"
#include "models/dit_parts.h"
#include "models/oobleck_config.h"
#include "models/oobleck_decoder.h"
#include "models/oobleck_encoder.h"
#include "models/qwen3_lm.h"
#include "models/text_encoder.h"
#include "sim/simulated_gpu.h"
#include "weights/safetensors_source.h"

namespace acestep::models {
namespace {

namespace fs = std::filesystem;
using nn::WeightVisitor;
using weights::WeightScope;

at::Tensor numbers(at::IntArrayRef shape) {
  auto generator = at::detail::createCPUGenerator(7);
  return at::randn(shape, generator, at::TensorOptions(at::kFloat)).to(sim::device());
}

at::Tensor all_valid(int64_t length) {
  return at::ones({1, length}, at::TensorOptions(at::kLong).device(sim::device()));
}

at::Tensor token_ids() {
  return at::arange(5, 9, at::TensorOptions(at::kLong)).unsqueeze(0).to(sim::device());
}

// Constructs a model, hands its weights to `move` and computes with it.
using Run = std::function<at::Tensor(const fs::path&, const WeightScope&, const WeightVisitor&)>;

at::Tensor run_dit(const fs::path& folder, const WeightScope& root, const WeightVisitor& move) {
  const DitConfig config = read_dit_config(folder);
  Dit dit(root.scope(dit_part::kDecoder), config);
  dit.visit_outside_blocks(move);
  for (int64_t i = 0; i < dit.blocks(); ++i) dit.visit_block(i, move);
  const at::Tensor t = at::full({1}, 0.5F, at::TensorOptions(at::kFloat).device(sim::device()));
  return dit.velocity(numbers({1, 9, config.latent_channels}),
                      numbers({1, 9, config.context_channels()}), t, t,
                      dit.prepare(numbers({1, 7, config.encoder.hidden})));
}

at::Tensor run_condition_encoder(const fs::path& folder, const WeightScope& root,
                                 const WeightVisitor& move) {
  const DitConfig config = read_dit_config(folder);
  ConditionEncoder encoder(root.scope(dit_part::kEncoder), config);
  encoder.visit_weights(move);
  return encoder(numbers({1, 3, config.text_hidden}), all_valid(3),
                 numbers({1, 4, config.text_hidden}), all_valid(4),
                 numbers({1, 8, config.timbre_hidden}),
                 at::zeros({1}, at::TensorOptions(at::kLong).device(sim::device())))
      .states;
}

at::Tensor run_tokenizer(const fs::path& folder, const WeightScope& root,
                         const WeightVisitor& move) {
  const DitConfig config = read_dit_config(folder);
  AudioTokenizer tokenizer(root.scope(dit_part::kTokenizer), config);
  tokenizer.visit_weights(move);
  const at::Tensor silence = numbers({1, config.pool_frames, config.latent_channels});
  const AudioTokenizer::Result coded =
      tokenizer(numbers({1, 12, config.latent_channels}), silence, all_valid(12));
  const at::Tensor again = tokenizer.quantizer().quantized_from_indices(coded.indices);
  return at::cat({coded.quantized, again}, 1);
}

at::Tensor run_detokenizer(const fs::path& folder, const WeightScope& root,
                           const WeightVisitor& move) {
  const DitConfig config = read_dit_config(folder);
  AudioDetokenizer detokenizer(root.scope(dit_part::kDetokenizer), config);
  detokenizer.visit_weights(move);
  return detokenizer(numbers({1, 3, config.encoder.hidden}));
}

at::Tensor run_vae(const fs::path& folder, const WeightScope& root, const WeightVisitor& move) {
  const OobleckConfig config = read_oobleck_config(folder / "config.json");
  OobleckEncoder encoder(root.scope("encoder"), config);
  OobleckDecoder decoder(root.scope("decoder"), config);
  encoder.visit_weights(move);
  decoder.visit_weights(move);
  const int64_t samples = 2 * config.hop_samples();
  return decoder.forward(encoder.forward(numbers({1, config.audio_channels, samples})).mean);
}

at::Tensor run_language_model(const fs::path& folder, const WeightScope& root,
                              const WeightVisitor& move) {
  Qwen3Lm model(root, read_qwen3_config(folder / "config.json"), {40, 60, 3});
  KvCache cache = model.stack().make_cache(1, 8);
  model.visit_weights(move);
  const at::Tensor hidden = model.stack().forward_cached(token_ids(), cache).select(1, -1);
  return at::cat({model.logits(hidden, HeadRows::kAll), model.logits(hidden, HeadRows::kWindow)},
                 1);
}

at::Tensor run_text_encoder(const fs::path& folder, const WeightScope& root,
                            const WeightVisitor& move) {
  TextEncoder encoder(root, read_qwen3_config(folder / "config.json"));
  encoder.visit_weights(move);
  return encoder.encode(token_ids());
}

struct Part {
  const char* name;
  const char* folder;
  Run run;
};
void PrintTo(const Part& part, std::ostream* out) { *out << part.name; }

std::vector<Part> parts() {
  return {{"Dit", "acestep-v15-turbo", run_dit},
          {"XlDit", "acestep-v15-xl-turbo", run_dit},
          {"ConditionEncoder", "acestep-v15-turbo", run_condition_encoder},
          {"XlConditionEncoder", "acestep-v15-xl-turbo", run_condition_encoder},
          {"AudioTokenizer", "acestep-v15-turbo", run_tokenizer},
          {"XlAudioTokenizer", "acestep-v15-xl-turbo", run_tokenizer},
          {"AudioDetokenizer", "acestep-v15-turbo", run_detokenizer},
          {"Vae", "vae", run_vae},
          {"LanguageModel", "acestep-5Hz-lm-0.6B", run_language_model},
          {"TextEncoder", "Qwen3-Embedding-0.6B", run_text_encoder}};
}

struct Form {
  const char* name;
  at::ScalarType dtype;
  weights::LinearWeights linear = weights::LinearWeights::kDense;
};
void PrintTo(const Form& form, std::ostream* out) { *out << form.name; }

class MovedWeights : public ::testing::TestWithParam<std::tuple<Part, Form>> {
 protected:
  MovedWeights()
      : folder_(fs::path(ACESTEP_TEST_DATA) / "checkpoints" / "e2e" / part().folder),
        source_(weights::open_model_folder(folder_)) {
    sim::install();
  }

  static const Part& part() { return std::get<Part>(GetParam()); }

  at::Tensor run(std::optional<at::Device> home, const WeightVisitor& move) const {
    const Form& form = std::get<Form>(GetParam());
    weights::WeightReader reader(
        *source_,
        {.device = sim::device(), .home = home, .dtype = form.dtype, .linear = form.linear},
        part().name);
    return part().run(folder_, reader.root(), move);
  }

  const c10::InferenceMode no_gradients_;
  fs::path folder_;
  std::unique_ptr<weights::TensorSource> source_;
};

TEST_P(MovedWeights, ComputeWhatWeightsLoadedOntoTheDeviceCompute) {
  int64_t moved = 0;
  const at::Tensor found = run(at::kCPU, [&](at::Tensor& weight) {
    EXPECT_TRUE(weight.device().is_cpu());
    weight = weight.to(sim::device());
    ++moved;
  });
  EXPECT_GT(moved, 0);
  const at::Tensor expected = run(
      std::nullopt, [](at::Tensor& weight) { EXPECT_TRUE(sim::is_simulated(weight.device())); });
  EXPECT_TRUE(sim::is_simulated(found.device()));
  EXPECT_TRUE(at::equal(found.cpu(), expected.cpu()));
}

TEST_P(MovedWeights, WaitOutsideTheDevice) {
  const uint64_t before = sim::stats().live_bytes;
  std::optional<uint64_t> when_loaded;
  const WeightVisitor move = [&](at::Tensor& weight) {
    if (!when_loaded) when_loaded = sim::stats().live_bytes;
    weight = weight.to(sim::device());
  };
  run(at::kCPU, move);
  EXPECT_LE(when_loaded.value() - before, 1U << 16);  // a cache of keys and values at most
}

INSTANTIATE_TEST_SUITE_P(
    OfEveryModel, MovedWeights,
    ::testing::Combine(::testing::ValuesIn(parts()),
                       ::testing::Values(Form{"float32", at::kFloat},
                                         Form{"bfloat16", at::kBFloat16},
                                         Form{"int8", at::kBFloat16, weights::LinearWeights::kInt8},
                                         Form{"int8Dynamic", at::kBFloat16,
                                              weights::LinearWeights::kInt8Dynamic})),
    [](const auto& instance) {
      return std::string(std::get<0>(instance.param).name) + std::get<1>(instance.param).name;
    });

}  // namespace
}  // namespace acestep::models
