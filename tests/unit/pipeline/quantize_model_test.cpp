#include "pipeline/quantize_model.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "hub/local_model.h"
#include "models/dit.h"
#include "models/dit_config.h"
#include "models/dit_parts.h"
#include "models/qwen3_lm.h"
#include "pipeline/convert_model.h"
#include "pipeline/model_check.h"
#include "unit/util/temp_folder.h"
#include "util/strict_json.h"
#include "weights/bind.h"
#include "weights/int8_checkpoint.h"
#include "weights/safetensors_source.h"

namespace acestep::pipeline {
namespace {

namespace fs = std::filesystem;
using ::acestep::testing::message_of;
using ::testing::HasSubstr;
using weights::LinearWeights;

constexpr char kDit[] = "acestep-v15-turbo";
constexpr char kXlDit[] = "acestep-v15-xl-turbo";  // stored in float32, in shards
constexpr char kLm[] = "acestep-5Hz-lm-0.6B";

fs::path published(const std::string& name) {
  return fs::path(ACESTEP_TEST_DATA) / "checkpoints" / "e2e" / name;
}

// Every weight of a folder's large model as the engine would hold it.
struct Held {
  std::vector<at::Tensor> tensors;
  weights::QuantizedCount count;
};

Held load(hub::ModelKind kind, const fs::path& folder, LinearWeights linear, at::ScalarType dtype) {
  Held held;
  const auto source = weights::open_model_folder(folder);
  const weights::Placement placement{
      .home = at::kCPU, .dtype = dtype, .linear = linear, .quantized = &held.count};
  const nn::WeightVisitor keep = [&](at::Tensor& tensor) {
    held.tensors.push_back(tensor.is_mkldnn() ? tensor.to_dense() : tensor);
  };
  const auto others = models::other_parts({models::dit_part::kDecoder});
  if (kind == hub::ModelKind::kDit) {
    weights::bind(*source, placement, "DiT", others, [&](const weights::WeightScope& root) {
      return models::Dit(root.scope("decoder"), models::read_dit_config(folder));
    }).visit_weights(keep);
  } else {
    const auto config = models::read_qwen3_config(folder / "config.json");
    weights::bind(*source, placement, "LM", {}, [&](const weights::WeightScope& root) {
      return models::Qwen3Lm(root, config);
    }).visit_weights(keep);
  }
  return held;
}

void expect_same(const Held& found, const Held& expected) {
  EXPECT_EQ(found.count.weights, expected.count.weights);
  EXPECT_GT(found.count.layers(), 0);
  ASSERT_EQ(found.tensors.size(), expected.tensors.size());
  for (size_t i = 0; i < found.tensors.size(); ++i) {
    EXPECT_EQ(found.tensors[i].scalar_type(), expected.tensors[i].scalar_type());
    EXPECT_TRUE(at::equal(found.tensors[i], expected.tensors[i])) << i;
  }
}

class QuantizeModelTest : public testing::TempFolder {
 protected:
  QuantizedModel quantize(const std::string& name, at::ScalarType dtype = at::kBFloat16,
                          Losses losses = Losses::kIgnored) {
    return quantize_model({published(name), dtype}, {out()}, losses, tell_, stop_);
  }
  fs::path out() const { return folder_ / "out"; }
  int64_t items() const { return std::distance(fs::directory_iterator(folder_), {}); }

  const c10::InferenceMode no_gradients_;
  QuantizeProgress tell_ = [](uint64_t, uint64_t) {};
  util::StopToken stop_;
};

struct Model {
  const char* name;
  hub::ModelKind kind;
  at::ScalarType dtype;
};
void PrintTo(const Model& model, std::ostream* out) { *out << model.name; }

class EveryLargeModel : public QuantizeModelTest, public ::testing::WithParamInterface<Model> {};

TEST_P(EveryLargeModel, LoadsAsTheModelThatIsQuantisedWhileLoading) {
  const auto& [name, kind, dtype] = GetParam();
  quantize(name, dtype);
  for (const LinearWeights form : {LinearWeights::kInt8, LinearWeights::kInt8Dynamic}) {
    expect_same(load(kind, out(), form, dtype), load(kind, published(name), form, dtype));
  }
}

TEST_P(EveryLargeModel, StaysInInt8WhereNothingAsksForIt) {
  const auto& [name, kind, dtype] = GetParam();
  quantize(name, dtype);
  expect_same(load(kind, out(), LinearWeights::kDense, dtype),
              load(kind, published(name), LinearWeights::kInt8, dtype));
}

TEST_P(EveryLargeModel, IsPresentAndFits) {
  const QuantizedModel result = quantize(GetParam().name, GetParam().dtype);
  const hub::LocalModel model = hub::look_at_model(out());
  EXPECT_EQ(model.state, hub::ModelState::kPresent);
  EXPECT_EQ(model.kind, GetParam().kind);
  EXPECT_THAT(model.types(), HasSubstr("I8"));
  EXPECT_EQ(model.tensors, hub::look_at_model(published(GetParam().name)).tensors + result.weights);
  EXPECT_LT(result.bytes_after, result.bytes_before);
  check_model(GetParam().kind, out());
}

INSTANTIATE_TEST_SUITE_P(OfTheSmallModels, EveryLargeModel,
                         ::testing::Values(Model{kDit, hub::ModelKind::kDit, at::kBFloat16},
                                           Model{kXlDit, hub::ModelKind::kDit, at::kHalf},
                                           Model{kLm, hub::ModelKind::kLanguageModel, at::kFloat}),
                         [](const auto& instance) {
                           const std::string name = instance.param.name;
                           return std::string(name == kDit     ? "Dit"
                                              : name == kXlDit ? "XlDit"
                                                               : "LanguageModel");
                         });

TEST_F(QuantizeModelTest, OnlyTheDecodersWeightsChange) {
  quantize(kDit);
  const auto source = weights::open_model_folder(published(kDit));
  const auto made = weights::open_model_folder(out());
  for (const std::string& name : source->names()) {
    if (made->find(name)->dtype == at::kChar) {
      EXPECT_TRUE(name.starts_with("decoder.") && name.ends_with(".weight")) << name;
      EXPECT_NE(made->find(weights::scale_name(name)), nullptr) << name;
    } else {
      EXPECT_TRUE(at::equal(made->tensor(name), source->tensor(name))) << name;
    }
  }
}

TEST_F(QuantizeModelTest, TheConfigurationSaysIt) {
  quantize(kDit);
  const auto config = util::read_json_file(out() / "config.json", {}, ErrorCode::kModel);
  EXPECT_EQ(config.at("quantization_config").at("quant_method"), "acestep_int8");
}

TEST_F(QuantizeModelTest, ReportsTheLossOfEveryWeight) {
  const QuantizedModel result = quantize(kDit, at::kFloat, Losses::kMeasured);
  ASSERT_EQ(result.losses.size(), result.weights);
  const auto made = weights::open_model_folder(out());
  const auto source = weights::open_model_folder(published(kDit));
  for (const WeightLoss& loss : result.losses) {
    const at::Tensor scales = made->tensor(weights::scale_name(loss.name));
    const at::Tensor back = made->tensor(loss.name).to(at::kFloat) * scales.unsqueeze(1);
    const at::Tensor weight = source->tensor(loss.name).to(at::kFloat);
    EXPECT_DOUBLE_EQ(loss.largest, (back - weight).abs().max().item<double>()) << loss.name;
    EXPECT_NEAR(loss.relative(), ((back - weight).norm() / weight.norm()).item<double>(), 1e-6);
    EXPECT_EQ(loss.rows, weight.size(0));
    EXPECT_EQ(loss.columns, weight.size(1));
    EXPECT_GT(loss.relative(), 0.0);
  }
  EXPECT_LT(result.relative_loss(), 0.02);
}

TEST_F(QuantizeModelTest, MeasuringWritesNothingAndFindsTheSame) {
  const QuantizedModel measured = measure_quantization({published(kXlDit)}, tell_, stop_);
  EXPECT_EQ(items(), 0);
  const QuantizedModel written = quantize(kXlDit, at::kBFloat16, Losses::kMeasured);
  EXPECT_EQ(measured.bytes_after, written.bytes_after);
  EXPECT_EQ(measured.relative_loss(), written.relative_loss());
}

TEST_F(QuantizeModelTest, OtherModelsAreRefused) {
  for (const char* name : {"vae", "Qwen3-Embedding-0.6B"}) {
    EXPECT_THAT(message_of(ErrorCode::kModel, [&] { quantize(name); }),
                HasSubstr("no weights to quantise"));
  }
  EXPECT_EQ(items(), 0);
}

TEST_F(QuantizeModelTest, AModelInInt8IsNotQuantisedAgain) {
  quantize(kDit);
  EXPECT_THAT(
      message_of(
          ErrorCode::kModel,
          [&] { quantize_model({out()}, {folder_ / "again"}, Losses::kIgnored, tell_, stop_); }),
      HasSubstr("INT8 already"));
}

TEST_F(QuantizeModelTest, AModelInInt8ConvertsToOtherTypesOfTheRest) {
  quantize(kDit);
  convert_model({out(), folder_ / "wide", at::kFloat}, tell_, stop_);
  EXPECT_THAT(hub::look_at_model(folder_ / "wide").types(), HasSubstr("I8"));
  check_model(hub::ModelKind::kDit, folder_ / "wide");
}

TEST_F(QuantizeModelTest, AnExistingFolderStaysUnlessItIsAModelToBeReplaced) {
  fs::create_directory(out());
  write("out/notes", "mine");
  const auto replace = [&] {
    quantize_model({published(kDit)}, {out(), util::Existing::kReplace}, Losses::kIgnored, tell_,
                   stop_);
  };
  EXPECT_THAT(message_of(ErrorCode::kOutput, [&] { quantize(kDit); }), HasSubstr("already"));
  EXPECT_THAT(message_of(ErrorCode::kOutput, replace), HasSubstr("holds no model"));
  fs::remove_all(out());
  fs::copy(published("vae"), out());
  replace();
  EXPECT_THAT(hub::look_at_model(out()).types(), HasSubstr("I8"));
  EXPECT_EQ(items(), 1);
}

TEST_F(QuantizeModelTest, AModelIsNotReplacedByItself) {
  fs::copy(published(kDit), out());
  const auto onto_itself = [&] {
    quantize_model({out()}, {out(), util::Existing::kReplace}, Losses::kIgnored, tell_, stop_);
  };
  EXPECT_THAT(message_of(ErrorCode::kOutput, onto_itself), HasSubstr("is the model itself"));
}

TEST_F(QuantizeModelTest, AStopLeavesNothing) {
  tell_ = [&](uint64_t done, uint64_t) {
    if (done == 5) stop_.request(util::StopReason::kInterrupt);
  };
  message_of(ErrorCode::kInterrupted, [&] { quantize(kDit); });
  EXPECT_EQ(items(), 0);
}

}  // namespace
}  // namespace acestep::pipeline
