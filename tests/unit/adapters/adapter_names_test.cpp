#include <gmock/gmock.h>

#include "adapters/part_names.h"
#include "adapters/target_names.h"

namespace acestep::adapters {
namespace {

struct Named {
  std::string tensor;
  Part part;
};

class PartNames : public ::testing::TestWithParam<Named> {};

TEST_P(PartNames, AreKnown) {
  const auto name = part_name("a.b_proj." + GetParam().tensor);
  ASSERT_TRUE(name.has_value());
  EXPECT_EQ(name->module, "a.b_proj");
  EXPECT_EQ(name->part, GetParam().part);
}

INSTANTIATE_TEST_SUITE_P(
    All, PartNames,
    ::testing::Values(Named{"lora_A.weight", Part::kDown}, Named{"lora_B.weight", Part::kUp},
                      Named{"lora_A.default.weight", Part::kDown}, Named{"lora_B", Part::kUp},
                      Named{"lora_down.weight", Part::kDown}, Named{"lora_up.weight", Part::kUp},
                      Named{"lora.up.weight", Part::kUp}, Named{"alpha", Part::kAlpha},
                      Named{"lora_magnitude_vector", Part::kMagnitude},
                      Named{"lora_magnitude_vector.default.weight", Part::kMagnitude},
                      Named{"dora_scale", Part::kDoraScale}, Named{"lokr_w1", Part::kW1},
                      Named{"lokr_w1_a", Part::kW1A}, Named{"lokr_w1_b", Part::kW1B},
                      Named{"lokr_w2", Part::kW2}, Named{"lokr_w2_a", Part::kW2A},
                      Named{"lokr_w2_b", Part::kW2B}, Named{"lokr_t2", Part::kT2}));

TEST(PartName, IsAbsentForOtherTensors) {
  EXPECT_FALSE(part_name("a.weight").has_value());
  EXPECT_FALSE(part_name("a.hada_w1_a").has_value());
  EXPECT_FALSE(part_name(".alpha").has_value());
  EXPECT_FALSE(part_name("").has_value());
}

TEST(ForeignMethod, IsToldWhereItIsKnown) {
  EXPECT_EQ(foreign_method("a.hada_w1_a"), "LoHa");
  EXPECT_EQ(foreign_method("a.weight"), "");
}

TargetNames small_model() {
  return TargetNames({"decoder.layers.0.self_attn.q_proj.weight",
                      "decoder.layers.0.self_attn.q_proj.bias", "decoder.proj_in.1.weight",
                      "decoder.scale_shift_table", "encoder.text_projector.weight"});
}

struct Meant {
  std::string module;
  std::string weight;
};

class TargetName : public ::testing::TestWithParam<Meant> {};

TEST_P(TargetName, IsFound) { EXPECT_EQ(small_model().find(GetParam().module), GetParam().weight); }

constexpr char kQuery[] = "decoder.layers.0.self_attn.q_proj.weight";

INSTANTIATE_TEST_SUITE_P(
    All, TargetName,
    ::testing::Values(Meant{"decoder.layers.0.self_attn.q_proj", kQuery},
                      Meant{"layers.0.self_attn.q_proj", kQuery},
                      Meant{"base_model.model.layers.0.self_attn.q_proj", kQuery},
                      Meant{"base_model.model.decoder.layers.0.self_attn.q_proj", kQuery},
                      Meant{"diffusion_model.layers.0.self_attn.q_proj", kQuery},
                      Meant{"diffusion_model.decoder.layers.0.self_attn.q_proj", kQuery},
                      Meant{"base_model.model.model.decoder.layers.0.self_attn.q_proj", kQuery},
                      Meant{"lycoris_layers_0_self_attn_q_proj", kQuery},
                      Meant{"lora_unet_decoder_layers_0_self_attn_q_proj", kQuery},
                      Meant{"lycoris_proj_in_1", "decoder.proj_in.1.weight"},
                      Meant{"base_model.model.encoder.text_projector",
                            "encoder.text_projector.weight"}));

TEST(TargetNames, KnowWeightsAlone) {
  EXPECT_FALSE(small_model().find("decoder.scale_shift_table").has_value());
  EXPECT_FALSE(small_model().find("layers_0_self_attn_q_proj").has_value());
  EXPECT_FALSE(small_model().find("layers.1.self_attn.q_proj").has_value());
}

TEST(TargetNames, TellTheNearest) {
  EXPECT_EQ(small_model().nearest("diffusion_model.decoder.layers.7.self_attn.q_proj"),
            "decoder.layers.0.self_attn.q_proj");
  EXPECT_FALSE(small_model().nearest("x").has_value());
}

}  // namespace
}  // namespace acestep::adapters
