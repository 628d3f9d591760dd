#include "adapters/adapter.h"

#include <limits>

#include "unit/adapters/adapter_writer.h"
#include "unit/util/temp_folder.h"

namespace acestep::adapters {
namespace {

namespace fs = std::filesystem;
using ::acestep::testing::message_of;
using ::testing::HasSubstr;
using testing::Tensors;

class AdapterTest : public ::acestep::testing::TempFolder {
 protected:
  std::string refusal(const Tensors& tensors,
                      const std::map<std::string, std::string>& metadata = {}) const {
    const fs::path file = testing::write_adapter(folder_ / "a.safetensors", tensors, metadata);
    return message_of(ErrorCode::kInput, [&] { Adapter adapter(file); });
  }
  // A PEFT folder's refusal; its configuration says rank 4.
  std::string peft_refusal(const Tensors& tensors, const std::string& more = "") const {
    testing::write_adapter(folder_ / "p" / "adapter_model.safetensors", tensors);
    write("p/adapter_config.json", R"({"peft_type": "LORA", "r": 4)" + more + "}");
    return message_of(ErrorCode::kInput, [&] { Adapter adapter(folder_ / "p"); });
  }
};

Tensors lora(int64_t up_rank = 4) {
  return {{"q.lora_down.weight", at::ones({4, 8})}, {"q.lora_up.weight", at::ones({16, up_rank})}};
}

TEST_F(AdapterTest, TellsWhatItConsistsOf) {
  Tensors tensors = lora();
  tensors["q.alpha"] = at::full({}, 2.0F);
  tensors["q.lora_up.weight"] = tensors["q.lora_up.weight"].to(at::kBFloat16);
  const Adapter adapter(testing::write_adapter(folder_ / "singer.safetensors", tensors));
  EXPECT_EQ(adapter.name(), "singer.safetensors");
  EXPECT_EQ(adapter.methods(), "LoRA");
  EXPECT_EQ(adapter.types(), "BF16+F32");
  EXPECT_EQ(adapter.parameters(), 4 * 8 + 16 * 4 + 1);
  EXPECT_EQ(adapter.digest().size(), 16u);
  ASSERT_EQ(adapter.changes().size(), 1u);
  const ModuleChange& change = adapter.changes().front();
  EXPECT_EQ(change.name, "q");
  EXPECT_EQ(change.rank, 4);
  EXPECT_EQ(change.factor, 0.5);
  EXPECT_EQ(change.rows, 16);
  EXPECT_EQ(change.row_length, 8);
}

TEST_F(AdapterTest, HasTheDigestOfItsNumbersAndConfiguration) {
  const fs::path plain = testing::adapters_folder() / "peft_lora";
  const std::string digest = Adapter(plain).digest();
  EXPECT_EQ(Adapter(plain).digest(), digest);
  EXPECT_NE(Adapter(testing::adapters_folder() / "peft_dora").digest(), digest);
  fs::copy(plain, folder_ / "same");
  EXPECT_EQ(Adapter(folder_ / "same").digest(), digest);
  fs::remove(folder_ / "same" / "adapter_config.json");
  EXPECT_NE(Adapter(folder_ / "same").digest(), digest);
}

TEST_F(AdapterTest, RefusesRanksThatDisagree) {
  EXPECT_THAT(refusal(lora(3)),
              HasSubstr("a.safetensors: the ranks disagree: "
                        "'q.lora_up.weight' [16, 3], 'q.lora_down.weight' [4, 8]"));
}

TEST_F(AdapterTest, RefusesHalfALora) {
  Tensors tensors = lora();
  tensors.erase("q.lora_up.weight");
  EXPECT_THAT(refusal(tensors),
              HasSubstr("module 'q' has only one of its two matrices, 'q.lora_down.weight'"));
}

TEST_F(AdapterTest, RefusesTensorsOfOtherMethods) {
  Tensors tensors = lora();
  tensors["k.hada_w1_a"] = at::ones({2, 2});
  EXPECT_THAT(refusal(tensors), HasSubstr("'k.hada_w1_a' is of LoHa, which is not read"));
}

TEST_F(AdapterTest, RefusesModels) {
  EXPECT_THAT(
      message_of(ErrorCode::kInput, [] { Adapter a(testing::small_model("acestep-v15-turbo")); }),
      HasSubstr("is no part of a LoRA, DoRA or LoKr"));
}

TEST_F(AdapterTest, RefusesTwoNamesForOnePart) {
  Tensors tensors = lora();
  tensors["q.lora_A.weight"] = at::ones({4, 8});
  EXPECT_THAT(refusal(tensors), HasSubstr("mean the same"));
}

TEST_F(AdapterTest, RefusesALoneAlpha) {
  EXPECT_THAT(refusal({{"q.alpha", at::full({}, 1.0F)}}),
              HasSubstr("module 'q' has no matrices, only 'q.alpha'"));
}

TEST_F(AdapterTest, RefusesWholeNumbersAndEmptyTensors) {
  Tensors tensors = lora();
  tensors["q.lora_up.weight"] = at::ones({16, 4}, at::kInt);
  EXPECT_THAT(refusal(tensors), HasSubstr("'q.lora_up.weight' is Int [16, 4], expected floating"));
  tensors["q.lora_up.weight"] = at::ones({0, 4});
  EXPECT_THAT(refusal(tensors), HasSubstr("'q.lora_up.weight' is Float [0, 4]"));
}

TEST_F(AdapterTest, RefusesVectorsForMatrices) {
  Tensors tensors = lora();
  tensors["q.lora_up.weight"] = at::ones({16});
  EXPECT_THAT(refusal(tensors), HasSubstr("'q.lora_up.weight' [16] is no matrix"));
}

TEST_F(AdapterTest, RefusesAnAlphaThatIsNoNumber) {
  Tensors tensors = lora();
  tensors["q.alpha"] = at::full({}, std::numeric_limits<float>::infinity());
  EXPECT_THAT(refusal(tensors), HasSubstr("'q.alpha' [] is not one finite number"));
  tensors["q.alpha"] = at::ones({2});
  EXPECT_THAT(refusal(tensors), HasSubstr("'q.alpha' [2] is not one finite number"));
}

TEST_F(AdapterTest, RefusesLengthsOfOtherRows) {
  Tensors tensors = lora();
  tensors["q.dora_scale"] = at::ones({15, 1});
  EXPECT_THAT(refusal(tensors),
              HasSubstr("'q.dora_scale' [15, 1] is not one length for each of 16 rows"));
}

TEST_F(AdapterTest, RefusesAnIncompleteLokr) {
  EXPECT_THAT(refusal({{"q.lokr_w1", at::ones({2, 2})}, {"q.lokr_w2_a", at::ones({2, 2})}}),
              HasSubstr("module 'q' lacks a part of its LoKr"));
  EXPECT_THAT(refusal({{"q.lokr_w1", at::ones({2, 2})},
                       {"q.lokr_w2_a", at::ones({8, 2})},
                       {"q.lokr_w2_b", at::ones({3, 4})}}),
              HasSubstr("the ranks disagree: 'q.lokr_w2_a' [8, 2], 'q.lokr_w2_b' [3, 4]"));
}

TEST_F(AdapterTest, RefusesABrokenLokrConfiguration) {
  const Tensors tensors = {{"q.lokr_w1", at::ones({2, 2})}, {"q.lokr_w2", at::ones({2, 2})}};
  EXPECT_THAT(refusal(tensors, {{"lokr_config", "{"}}), HasSubstr("lokr_config"));
  EXPECT_THAT(refusal(tensors, {{"lokr_config", R"({"linear_dim": 0})"}}),
              HasSubstr("linear_dim is '0', expected a whole number"));
}

TEST_F(AdapterTest, RefusesWhatItsConfigurationDenies) {
  Tensors tensors = lora();
  EXPECT_THAT(peft_refusal(tensors, R"(, "rank_pattern": {"q": 2})"),
              HasSubstr("has the rank 4, but adapter_config.json says 2"));
  EXPECT_THAT(peft_refusal(tensors, R"(, "use_dora": true)"),
              HasSubstr("'q.lora_magnitude_vector' is missing"));
  EXPECT_THAT(peft_refusal({{"q.lokr_w1", at::ones({2, 2})}, {"q.lokr_w2", at::ones({2, 2})}}),
              HasSubstr("'q.lokr_w1' is of LoKr, but adapter_config.json says otherwise"));
}

TEST_F(AdapterTest, RefusesADamagedFile) {
  const fs::path file = testing::write_adapter(folder_ / "a.safetensors", lora());
  fs::resize_file(file, fs::file_size(file) - 1);
  EXPECT_THAT(message_of(ErrorCode::kInput, [&] { Adapter adapter(file); }),
              HasSubstr("a.safetensors"));
}

TEST_F(AdapterTest, RefusesNumbersThatAreNotFiniteWhenTheyAreUsed) {
  Tensors tensors = lora();
  tensors["q.lora_up.weight"][3][1] = std::numeric_limits<float>::quiet_NaN();
  const Adapter adapter(testing::write_adapter(folder_ / "a.safetensors", tensors));
  EXPECT_THAT(message_of(ErrorCode::kInput,
                         [&] {
                           adapter.difference(adapter.changes()[0], at::ones({16, 8}));
                         }),
              HasSubstr("module 'q' holds numbers that are not finite"));
}

}  // namespace
}  // namespace acestep::adapters
