// Faults in the weights of every model part: one message lists them all, before anything is loaded.
#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include <map>
#include <memory>

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
#include "util/error.h"
#include "weights/bind.h"
#include "weights/safetensors_source.h"

namespace acestep::models {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;
using weights::TensorInfo;
using weights::WeightScope;

enum class Fault { kMissing, kExtra, kMisshapen, kMistyped };

// A source with some tensors spoilt.
class FaultySource final : public weights::TensorSource {
 public:
  explicit FaultySource(const weights::TensorSource& sound) : sound_(sound) {
    for (const std::string& name : sound.names()) infos_[name] = *sound.find(name);
  }
  // Spoils `name`; kExtra adds a sibling called `name`.more.
  void spoil(const std::string& name, Fault fault) {
    if (fault == Fault::kMissing) infos_.erase(name);
    if (fault == Fault::kExtra) infos_[name + ".more"] = {at::kFloat, {1}};
    if (fault == Fault::kMisshapen) infos_.at(name).shape.push_back(3);
    if (fault == Fault::kMistyped) infos_.at(name).dtype = at::kInt;
  }

  std::string description() const override { return sound_.description(); }
  std::vector<std::string> names() const override {
    std::vector<std::string> names;
    for (const auto& [name, info] : infos_) names.push_back(name);
    return names;
  }
  const TensorInfo* find(std::string_view name) const override {
    const auto place = infos_.find(name);
    return place == infos_.end() ? nullptr : &place->second;
  }
  at::Tensor tensor(std::string_view name) const override {
    ++reads;
    return sound_.tensor(name);
  }

  mutable int reads = 0;  // tensors handed out

 private:
  const weights::TensorSource& sound_;
  std::map<std::string, TensorInfo, std::less<>> infos_;
};

struct Part {
  const char* name;
  const char* folder;
  const char* prefix;  // of the part's tensors; "" for a whole file
  std::function<void(const fs::path&, const WeightScope&)> make;
};

void PrintTo(const Part& part, std::ostream* out) { *out << part.name; }

template <typename Model>
void make_dit_part(const fs::path& folder, const WeightScope& root, std::string_view part) {
  const Model model(root.scope(part), read_dit_config(folder));
}

const std::vector<Part>& parts() {
  static const std::vector<Part> all = {
      {"Decoder", "acestep-v15-turbo", "decoder.",
       [](const auto& f, const auto& r) { make_dit_part<Dit>(f, r, dit_part::kDecoder); }},
      {"ConditionEncoder", "acestep-v15-turbo", "encoder.",
       [](const auto& f, const auto& r) { make_dit_part<ConditionEncoder>(f, r, "encoder"); }},
      {"AudioTokenizer", "acestep-v15-turbo", "tokenizer.",
       [](const auto& f, const auto& r) { make_dit_part<AudioTokenizer>(f, r, "tokenizer"); }},
      {"AudioDetokenizer", "acestep-v15-turbo", "detokenizer.",
       [](const auto& f, const auto& r) { make_dit_part<AudioDetokenizer>(f, r, "detokenizer"); }},
      {"Vae", "vae", "",
       [](const auto& f, const auto& r) {
         const OobleckConfig config = read_oobleck_config(f / "config.json");
         const OobleckEncoder encoder(r.scope("encoder"), config);
         const OobleckDecoder decoder(r.scope("decoder"), config);
       }},
      {"LanguageModel", "acestep-5Hz-lm-0.6B", "",
       [](const auto& f, const auto& r) {
         const Qwen3Lm model(r, read_qwen3_config(f / "config.json"), {0, 1, 0});
       }},
      {"TextEncoder", "Qwen3-Embedding-0.6B", "", [](const auto& f, const auto& r) {
         const TextEncoder model(r, read_qwen3_config(f / "config.json"));
       }}};
  return all;
}

class Binding : public ::testing::TestWithParam<Part> {
 protected:
  Binding()
      : folder_(fs::path(ACESTEP_TEST_DATA) / "checkpoints" / "e2e" / GetParam().folder),
        sound_(weights::open_model_folder(folder_)),
        faulty_(*sound_) {
    for (const std::string& name : sound_->names()) {
      if (name.starts_with(GetParam().prefix)) {
        own_.push_back(name);
      } else {
        others_.push_back(name);
      }
    }
  }

  void bind() const {
    weights::bind(faulty_, {}, GetParam().name, others_, [&](const WeightScope& root) {
      GetParam().make(folder_, root);
      return 0;
    });
  }
  std::string refusal() const {
    try {
      bind();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kModel);
      EXPECT_EQ(error.exit_code(), 3);
      return error.message();
    }
    ADD_FAILURE() << "bound";
    return {};
  }
  std::string own(size_t of_eight) const { return own_[own_.size() * of_eight / 8]; }

  c10::InferenceMode inference_;
  fs::path folder_;
  std::unique_ptr<weights::TensorSource> sound_;
  FaultySource faulty_;
  std::vector<std::string> own_;
  std::vector<std::string> others_;
};

TEST_P(Binding, TakesASoundSource) { EXPECT_NO_THROW(bind()); }

TEST_P(Binding, NamesAMissingTensor) {
  faulty_.spoil(own(3), Fault::kMissing);
  EXPECT_THAT(refusal(), HasSubstr("missing: '" + own(3) + "' ["));
}

TEST_P(Binding, NamesAnExtraTensor) {
  faulty_.spoil(own(3), Fault::kExtra);
  EXPECT_THAT(refusal(), HasSubstr("extra: '" + own(3) + ".more' [1]"));
}

TEST_P(Binding, NamesAMisshapenTensor) {
  faulty_.spoil(own(3), Fault::kMisshapen);
  EXPECT_THAT(refusal(), HasSubstr("wrong shape: '" + own(3) + "' is ["));
}

TEST_P(Binding, NamesAMistypedTensor) {
  faulty_.spoil(own(3), Fault::kMistyped);
  EXPECT_THAT(refusal(), HasSubstr("wrong dtype: '" + own(3) + "' is Int"));
}

TEST_P(Binding, ListsAllFaultsAtOnceWithoutReadingAnything) {
  faulty_.spoil(own(1), Fault::kMissing);
  faulty_.spoil(own(3), Fault::kExtra);
  faulty_.spoil(own(5), Fault::kMisshapen);
  faulty_.spoil(own(7), Fault::kMistyped);
  const std::string message = refusal();
  EXPECT_THAT(message, HasSubstr("4 tensors differ"));
  for (const char* fault : {"missing: '", "extra: '", "wrong shape: '", "wrong dtype: '"}) {
    EXPECT_THAT(message, HasSubstr(fault));
  }
  EXPECT_EQ(faulty_.reads, 0);
}

INSTANTIATE_TEST_SUITE_P(Parts, Binding, ::testing::ValuesIn(parts()),
                         [](const auto& part) { return std::string(part.param.name); });

// Sizes that would take terabytes meet a small file: the shapes are told, nothing is allocated.
TEST(AbsurdSizes, OfALanguageModelAreRefusedByShape) {
  const c10::InferenceMode inference;
  const fs::path folder = fs::path(ACESTEP_TEST_DATA) / "checkpoints/e2e/acestep-5Hz-lm-0.6B";
  const auto source = weights::open_model_folder(folder);
  const Qwen3Config absurd = {.vocab_size = 1 << 24,
                              .hidden_size = 1 << 17,
                              .intermediate_size = 1 << 17,
                              .layers = 1024,
                              .heads = 1 << 17,
                              .kv_heads = 1 << 17,
                              .head_dim = 1 << 17};
  try {
    weights::bind(*source, {}, "LM", {}, [&](const WeightScope& root) {
      const Qwen3Lm model(root, absurd, {1, 2, 3});
      return 0;
    });
    FAIL() << "bound";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kModel);
    EXPECT_THAT(error.message(), HasSubstr("expected [16777216, 131072]"));
  }
}

TEST(AbsurdSizes, OfADitAreRefusedByShape) {
  const c10::InferenceMode inference;
  const fs::path folder = fs::path(ACESTEP_TEST_DATA) / "checkpoints/e2e/acestep-v15-turbo";
  const auto source = weights::open_model_folder(folder);
  DitConfig absurd = read_dit_config(folder);
  absurd.decoder = {.hidden = 1 << 16, .intermediate = 1 << 16, .heads = 1024, .kv_heads = 1024};
  absurd.encoder = absurd.decoder;
  absurd.fsq_hidden = absurd.encoder.hidden;
  absurd.head_dim = absurd.in_channels = absurd.patch_frames = absurd.pool_frames = 1 << 16;
  absurd.text_hidden = absurd.timbre_hidden = 1 << 16;
  try {
    weights::bind(*source, {}, "DiT", {}, [&](const WeightScope& root) {
      const Dit dit(root.scope(dit_part::kDecoder), absurd);
      const ConditionEncoder encoder(root.scope(dit_part::kEncoder), absurd);
      const AudioTokenizer tokenizer(root.scope(dit_part::kTokenizer), absurd);
      const AudioDetokenizer detokenizer(root.scope(dit_part::kDetokenizer), absurd);
      return 0;
    });
    FAIL() << "bound";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kModel);
    EXPECT_THAT(error.message(), HasSubstr("wrong shape"));
  }
}

TEST(AbsurdSizes, OfAVaeAreRefusedByShape) {
  const c10::InferenceMode inference;
  const auto source =
      weights::open_model_folder(fs::path(ACESTEP_TEST_DATA) / "checkpoints/e2e/vae");
  const OobleckConfig absurd = {.audio_channels = 1 << 16,
                                .encoder_hidden_size = 1 << 16,
                                .decoder_channels = 1 << 16,
                                .decoder_input_channels = 1 << 15,
                                .downsampling_ratios = {1024, 1024},
                                .channel_multiples = {16, 16},
                                .sampling_rate_hz = 48'000};
  try {
    weights::bind(*source, {}, "VAE", {}, [&](const WeightScope& root) {
      const OobleckEncoder encoder(root.scope("encoder"), absurd);
      const OobleckDecoder decoder(root.scope("decoder"), absurd);
      return 0;
    });
    FAIL() << "bound";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kModel);
    EXPECT_THAT(error.message(), HasSubstr("wrong shape"));
  }
}

}  // namespace
}  // namespace acestep::models
