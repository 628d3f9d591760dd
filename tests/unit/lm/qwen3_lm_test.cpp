#include "models/qwen3_lm.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <gmock/gmock.h>

#include <map>

#include "lm/decoder.h"
#include "weights/tensor_source.h"
#include "weights/weight_scope.h"

namespace acestep::lm {
namespace {

using models::HeadRows;

// Seeded random weights of a tiny language model.
class TinySource final : public weights::TensorSource {
 public:
  explicit TinySource(const models::Qwen3Config& config) {
    const int64_t hidden = config.hidden_size;
    const int64_t dim = config.head_dim;
    add("model.embed_tokens.weight", {config.vocab_size, hidden});
    add("model.norm.weight", {hidden});
    for (int64_t i = 0; i < config.layers; ++i) {
      const std::string layer = "model.layers." + std::to_string(i) + ".";
      add(layer + "input_layernorm.weight", {hidden});
      add(layer + "post_attention_layernorm.weight", {hidden});
      add(layer + "self_attn.q_proj.weight", {config.heads * dim, hidden});
      add(layer + "self_attn.k_proj.weight", {config.kv_heads * dim, hidden});
      add(layer + "self_attn.v_proj.weight", {config.kv_heads * dim, hidden});
      add(layer + "self_attn.o_proj.weight", {hidden, config.heads * dim});
      add(layer + "self_attn.q_norm.weight", {dim});
      add(layer + "self_attn.k_norm.weight", {dim});
      add(layer + "mlp.gate_proj.weight", {config.intermediate_size, hidden});
      add(layer + "mlp.up_proj.weight", {config.intermediate_size, hidden});
      add(layer + "mlp.down_proj.weight", {hidden, config.intermediate_size});
    }
  }

  std::string description() const override { return "tiny"; }
  std::vector<std::string> names() const override {
    std::vector<std::string> all;
    for (const auto& [name, tensor] : tensors_) all.push_back(name);
    return all;
  }
  const weights::TensorInfo* find(std::string_view name) const override {
    const auto info = infos_.find(std::string(name));
    return info == infos_.end() ? nullptr : &info->second;
  }
  at::Tensor tensor(std::string_view name) const override { return tensors_.at(std::string(name)); }

 private:
  void add(const std::string& name, std::vector<int64_t> shape) {
    tensors_[name] = at::randn(shape, generator_, at::TensorOptions().dtype(at::kFloat)) * 0.1;
    infos_[name] = {at::kFloat, std::move(shape)};
  }

  at::Generator generator_ = at::make_generator<at::CPUGeneratorImpl>(5);
  std::map<std::string, at::Tensor> tensors_;
  std::map<std::string, weights::TensorInfo> infos_;
};

models::Qwen3Config tiny_config() {
  models::Qwen3Config config;
  config.vocab_size = 64;
  config.hidden_size = 32;
  config.intermediate_size = 48;
  config.layers = 2;
  config.heads = 4;
  config.kv_heads = 2;
  config.head_dim = 16;
  config.max_positions = 128;
  return config;
}

class Qwen3LmTest : public testing::TestWithParam<at::ScalarType> {
 protected:
  Qwen3LmTest() {
    const models::Qwen3Config config = tiny_config();
    const TinySource source(config);
    weights::WeightReader reader(source, {.device = at::kCPU, .dtype = GetParam()},
                                 "tiny language model");
    model_ =
        std::make_unique<models::Qwen3Lm>(reader.root(), config, models::HeadWindow{40, 60, 3});
    reader.finish();
  }

  double tolerance() const { return GetParam() == at::kFloat ? 1e-5 : 3e-2; }

  c10::InferenceMode guard_;
  std::unique_ptr<models::Qwen3Lm> model_;
};

TEST_P(Qwen3LmTest, WindowHoldsTheSameLogitsAsTheWholeHead) {
  EagerDecoder decoder(*model_);
  const PromptBatch prompt = make_prompt_batch({{1, 2, 3}}, 0);
  const at::Tensor all = decoder.read(prompt, 1, HeadRows::kAll);
  const at::Tensor window = decoder.read(prompt, 1, HeadRows::kWindow);
  const at::Tensor expected = at::cat({all.narrow(1, 40, 20), all.narrow(1, 3, 1)}, 1);
  EXPECT_LE((window - expected).abs().max().item<double>(), tolerance());
}

TEST_P(Qwen3LmTest, StepsEqualReadingAtOnce) {
  EagerDecoder decoder(*model_);
  decoder.read(make_prompt_batch({{1, 2, 3}}, 0), 2, HeadRows::kAll);
  decoder.step({9}, HeadRows::kAll);
  const at::Tensor stepped = decoder.step({7}, HeadRows::kAll);
  const at::Tensor at_once =
      decoder.read(make_prompt_batch({{1, 2, 3, 9, 7}}, 0), 0, HeadRows::kAll);
  EXPECT_LE((stepped - at_once).abs().max().item<double>(), tolerance());
}

TEST_P(Qwen3LmTest, PaddingOnTheLeftChangesNothing) {
  EagerDecoder decoder(*model_);
  const PromptBatch both = make_prompt_batch({{1, 2, 3, 4, 5}, {8, 9}}, 0);
  decoder.read(both, 1, HeadRows::kAll);
  const at::Tensor padded = decoder.step({6, 6}, HeadRows::kAll)[1];
  decoder.read(make_prompt_batch({{8, 9}}, 0), 1, HeadRows::kAll);
  const at::Tensor alone = decoder.step({6}, HeadRows::kAll)[0];
  EXPECT_LE((padded - alone).abs().max().item<double>(), tolerance());
}

INSTANTIATE_TEST_SUITE_P(Dtypes, Qwen3LmTest,
                         testing::Values(at::kFloat, at::kBFloat16, at::kHalf));

}  // namespace
}  // namespace acestep::lm
