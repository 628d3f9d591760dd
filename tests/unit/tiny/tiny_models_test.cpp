#include "tiny/tiny_models.h"

#include <ATen/ATen.h>

#include <map>

#include "models/dit.h"
#include "models/dit_config.h"
#include "models/dit_parts.h"
#include "models/oobleck_config.h"
#include "models/oobleck_decoder.h"
#include "models/oobleck_encoder.h"
#include "models/qwen3_config.h"
#include "models/qwen3_lm.h"
#include "models/text_encoder.h"
#include "text/tokenizer.h"
#include "unit/util/temp_folder.h"
#include "util/sha256.h"
#include "weights/safetensors_source.h"
#include "weights/seeded_source.h"
#include "weights/torch_tensor_file.h"
#include "weights/weight_scope.h"

namespace acestep::tiny {
namespace {

namespace fs = std::filesystem;
using weights::WeightReader;

// One folder serves all tests: writing it is the slow part.
class TinyModels : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::string pattern = (fs::temp_directory_path() / "acestep-tiny-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
    write_tiny_models(root_, 1);
  }
  static void TearDownTestSuite() { fs::remove_all(root_); }

  static std::map<std::string, std::string> digests(const fs::path& folder) {
    std::map<std::string, std::string> result;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
      if (!entry.is_regular_file()) continue;
      result[fs::relative(entry.path(), folder).string()] = util::sha256_of_file(entry.path());
    }
    return result;
  }

  // Random values of unit spread.
  static at::Tensor noise(at::IntArrayRef shape) {
    const weights::SeededSource source(7, {{"x", {{at::kFloat, shape.vec()}, 0.0F, 1.7F}}});
    return source.tensor("x");
  }

  static double rms(const at::Tensor& values) {
    return values.to(at::kDouble).square().mean().sqrt().item<double>();
  }

  static fs::path root_;
  c10::InferenceMode inference_mode_;
};

fs::path TinyModels::root_;

TEST_F(TinyModels, AreTheSameForTheSameSeed) {
  const fs::path other = root_.string() + "-again";
  write_tiny_models(other, 1);
  EXPECT_EQ(digests(other), digests(root_));
  EXPECT_GT(digests(other).size(), 25U);
  fs::remove_all(other);
}

TEST_F(TinyModels, DifferForAnotherSeed) {
  const fs::path other = root_.string() + "-other";
  write_tiny_models(other, 2);
  EXPECT_NE(digests(other).at("vae/diffusion_pytorch_model.safetensors"),
            digests(root_).at("vae/diffusion_pytorch_model.safetensors"));
  EXPECT_EQ(digests(other).at("vae/config.json"), digests(root_).at("vae/config.json"));
  fs::remove_all(other);
}

TEST_F(TinyModels, RefuseAFolderInUse) {
  testing::message_of(ErrorCode::kOutput, [] { write_tiny_models(root_, 1); });
}

class TinyDit : public TinyModels, public ::testing::WithParamInterface<const char*> {};

TEST_P(TinyDit, IsReadAndKeepsItsSignalsInSize) {
  const fs::path folder = root_ / GetParam();
  const models::DitConfig config = models::read_dit_config(folder);
  EXPECT_EQ(config.is_xl, std::string(GetParam()).find("xl") != std::string::npos);
  const auto source = weights::open_model_folder(folder);
  WeightReader reader(*source, {}, GetParam());
  const models::Dit dit(reader.root().scope("decoder"), config);
  reader.finish(models::other_parts({models::dit_part::kDecoder}));

  const auto cross = dit.prepare(noise({1, 6, config.encoder.hidden}));
  const at::Tensor time = at::full({1}, 0.5, at::TensorOptions().dtype(at::kFloat));
  const at::Tensor velocity =
      dit.velocity(noise({1, 20, 64}), noise({1, 20, 128}), time, time, cross);
  EXPECT_GT(rms(velocity), 0.2);
  EXPECT_LT(rms(velocity), 5.0);
}

TEST_P(TinyDit, HasSilence) {
  const at::Tensor silence = weights::read_silence_latent(root_ / GetParam() / "silence_latent.pt");
  EXPECT_EQ(silence.sizes(), at::IntArrayRef({1, 64, 15000}));
}

INSTANTIATE_TEST_SUITE_P(Folders, TinyDit,
                         ::testing::Values("acestep-v15-turbo", "acestep-v15-base",
                                           "acestep-v15-sft", "acestep-v15-xl-turbo"));

TEST_F(TinyModels, VaeMakesAudibleNoise) {
  const fs::path folder = root_ / "vae";
  const models::OobleckConfig config = models::read_oobleck_config(folder / "config.json");
  EXPECT_EQ(config.hop_samples(), 1920);
  const auto source = weights::open_model_folder(folder);
  WeightReader reader(*source, {}, "vae");
  const models::OobleckEncoder encoder(reader.root().scope("encoder"), config);
  const models::OobleckDecoder decoder(reader.root().scope("decoder"), config);
  reader.finish();

  const at::Tensor audio = decoder.forward(noise({1, 64, 10}));
  EXPECT_EQ(audio.sizes(), at::IntArrayRef({1, 2, 19200}));
  EXPECT_GT(rms(audio), 0.02);
  EXPECT_LT(audio.abs().max().item<float>(), 4.0F);
  const models::LatentDistribution latents = encoder.forward(audio);
  EXPECT_GT(rms(latents.mean), 0.05);
  EXPECT_LT(rms(latents.mean), 20.0);
}

TEST_F(TinyModels, LanguageModelFitsItsTokenizer) {
  const fs::path folder = root_ / "acestep-5Hz-lm-0.6B";
  const text::Tokenizer tokenizer(folder);
  const models::Qwen3Config config = models::read_qwen3_config(folder / "config.json");
  EXPECT_EQ(config.vocab_size, tokenizer.size());
  const auto source = weights::open_model_folder(folder);
  WeightReader reader(*source, {}, "LM");
  const models::Qwen3Lm lm(reader.root(), config);
  reader.finish();

  const at::Tensor hidden = noise({1, config.hidden_size});
  const at::Tensor logits = lm.logits(hidden / rms(hidden), models::HeadRows::kAll);
  EXPECT_GT(rms(logits), 0.5);
  EXPECT_LT(rms(logits), 10.0);
}

TEST_F(TinyModels, LanguageModelTokenizerKnowsWhatTheGrammarNeeds) {
  const text::Tokenizer tokenizer(root_ / "acestep-5Hz-lm-0.6B");
  for (const std::string single :
       {"0", "9", " ", "\n", "`", "<think>", "</think>", "bpm", "caption", " major"}) {
    EXPECT_EQ(tokenizer.encode(single).size(), 1U) << "'" << single << "'";
  }
  EXPECT_EQ(tokenizer.id_of("<|audio_code_0|>").value() + 65534,
            tokenizer.id_of("<|audio_code_65534|>").value());
  EXPECT_EQ(tokenizer.id_of("<|audio_code_65534|>").value() + 1, tokenizer.size());
  EXPECT_EQ(tokenizer.id_of("<|im_end|>").value(), tokenizer.eos_id());
  EXPECT_EQ(tokenizer.id_of("<|endoftext|>").value(), tokenizer.pad_id());
  const std::string text = "# Caption\nÄ warm söng — 夜の歌, bpm: 120\n<|audio_code_7|>";
  EXPECT_EQ(tokenizer.decode(tokenizer.encode(text)), text);
}

TEST_F(TinyModels, TextEncoderEndsEveryText) {
  const fs::path folder = root_ / "Qwen3-Embedding-0.6B";
  const text::Tokenizer tokenizer(folder);
  const models::Qwen3Config config = models::read_qwen3_config(folder / "config.json");
  EXPECT_EQ(config.vocab_size, tokenizer.size());
  const std::vector<int64_t> ids = tokenizer.encode("a song of love");
  EXPECT_EQ(ids.back(), tokenizer.pad_id());

  const auto source = weights::open_model_folder(folder);
  WeightReader reader(*source, {}, "text encoder");
  const models::TextEncoder encoder(reader.root(), config);
  reader.finish();
  const at::Tensor states = encoder.encode(at::tensor(ids).unsqueeze(0));
  EXPECT_NEAR(rms(states), 1.0, 0.2);
}

}  // namespace
}  // namespace acestep::tiny
