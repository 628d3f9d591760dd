#include "weights/seeded_source.h"

#include <ATen/ATen.h>

#include "unit/util/temp_folder.h"
#include "weights/safetensors_source.h"
#include "weights/tensor_file_writer.h"

namespace acestep::weights {
namespace {

using ::testing::ElementsAre;

SeededSource source_of(uint64_t seed) {
  return SeededSource(seed, {{"a", {{at::kFloat, {1000}}, 0.0F, 2.0F}},
                             {"b", {{at::kFloat, {1000}}, 0.0F, 2.0F}},
                             {"ones", {{at::kBFloat16, {2, 3}}, 1.0F, 0.0F}}});
}

TEST(SeededSourceTest, DependsOnSeedAndNameOnly) {
  const SeededSource one = source_of(1);
  EXPECT_TRUE(at::equal(one.tensor("a"), source_of(1).tensor("a")));
  EXPECT_FALSE(at::equal(one.tensor("a"), one.tensor("b")));
  EXPECT_FALSE(at::equal(one.tensor("a"), source_of(2).tensor("a")));
  EXPECT_THAT(one.names(), ElementsAre("a", "b", "ones"));
  EXPECT_EQ(one.find("absent"), nullptr);
}

TEST(SeededSourceTest, FillsTheAskedRange) {
  const at::Tensor values = source_of(1).tensor("a");
  EXPECT_GT(values.max().item<float>(), 1.9F);
  EXPECT_LT(values.max().item<float>(), 2.0F);
  EXPECT_LT(values.min().item<float>(), -1.9F);
  EXPECT_NEAR(values.mean().item<float>(), 0.0F, 0.15F);
}

TEST(SeededSourceTest, TakesTheAskedTypeAndShape) {
  const at::Tensor ones = source_of(1).tensor("ones");
  EXPECT_EQ(ones.scalar_type(), at::kBFloat16);
  EXPECT_TRUE(at::equal(ones, at::ones({2, 3}, at::TensorOptions().dtype(at::kBFloat16))));
}

using TensorFileTest = testing::TempFolder;

TEST_F(TensorFileTest, KeepsEveryTypeAndStride) {
  const at::Tensor matrix =
      at::arange(6, at::TensorOptions().dtype(at::kFloat)).reshape({2, 3}).t();
  std::map<std::string, at::Tensor> tensors = {
      {"transposed", matrix}, {"scalar", matrix.sum()}, {"empty", at::empty({0, 4})}};
  for (const at::ScalarType type :
       {at::kBFloat16, at::kHalf, at::kDouble, at::kLong, at::kInt, at::kByte, at::kBool}) {
    tensors[c10::toString(type)] = matrix.to(type);
  }
  write_tensors(folder_ / "t.safetensors", tensors);
  const auto source = open_safetensors(folder_ / "t.safetensors");
  EXPECT_EQ(source->names().size(), tensors.size());
  for (const auto& [name, tensor] : tensors) {
    EXPECT_EQ(source->tensor(name).scalar_type(), tensor.scalar_type()) << name;
    EXPECT_TRUE(at::equal(source->tensor(name), tensor)) << name;
  }
}

}  // namespace
}  // namespace acestep::weights
