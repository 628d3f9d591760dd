#include "weights/safetensors_source.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include <fstream>

#include "unit/util/temp_folder.h"
#include "util/error.h"
#include "weights/weight_scope.h"

namespace acestep::weights {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class SafetensorsSource : public testing::TempFolder {
 protected:
  // Little-endian length, header, then the bytes of `data`.
  fs::path write(const std::string& name, const std::string& header,
                 const std::string& data) const {
    const fs::path path = folder_ / name;
    std::ofstream file(path, std::ios::binary);
    const uint64_t header_bytes = header.size();
    file.write(reinterpret_cast<const char*>(&header_bytes), sizeof header_bytes);
    file << header << data;
    return path;
  }

  static std::string floats(const std::vector<float>& values) {
    return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
  }

  // The message when the folder's index has this weight map.
  std::string refusal_with_map(const std::string& weight_map) const {
    std::ofstream(folder_ / "model.safetensors.index.json")
        << R"({"weight_map":)" << weight_map << "}";
    return testing::message_of(ErrorCode::kModel, [&] { open_model_folder(folder_); });
  }
};

TEST_F(SafetensorsSource, ReadsValuesAndOutlivesItself) {
  // 63 characters and a space: the data begin at a multiple of 8, so they are not copied.
  std::string header = R"({"w":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}})";
  header.resize(64, ' ');
  const fs::path path = write("model.safetensors", header, floats({1, 2, 3, 4}));
  at::Tensor tensor;
  {
    const auto source = open_model_folder(folder_);
    EXPECT_THAT(source->names(), ElementsAre("w"));
    tensor = source->tensor("w");
  }
  fs::remove(path);
  EXPECT_TRUE(at::equal(tensor, at::tensor({1.0F, 2.0F, 3.0F, 4.0F}).reshape({2, 2})));
}

TEST_F(SafetensorsSource, CopiesUnalignedData) {
  const std::string header = R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} )";
  ASSERT_NE(header.size() % 4, 0U);
  const auto source = open_safetensors(write("a.safetensors", header, floats({5, 6})));
  EXPECT_TRUE(at::equal(source->tensor("w"), at::tensor({5.0F, 6.0F})));
}

TEST_F(SafetensorsSource, ReadsShards) {
  const std::string header = R"({"NAME":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
  for (const std::string name : {"a", "b"}) {
    std::string named = header;
    write(name + ".safetensors", named.replace(2, 4, name), floats({name == "a" ? 1.0F : 2.0F}));
  }
  std::ofstream(folder_ / "model.safetensors.index.json")
      << R"({"metadata":{},"weight_map":{"a":"a.safetensors","b":"b.safetensors"}})";
  const auto source = open_model_folder(folder_);
  EXPECT_THAT(source->names(), ElementsAre("a", "b"));
  EXPECT_EQ(source->tensor("b").item<float>(), 2.0F);
}

TEST_F(SafetensorsSource, RefusesAListedTensorThatIsAbsent) {
  write("a.safetensors", R"({"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", floats({1}));
  EXPECT_THAT(refusal_with_map(R"({"x":"a.safetensors","y":"a.safetensors"})"),
              HasSubstr("tensor 'y' is listed in 'a.safetensors', but is not there"));
}

TEST_F(SafetensorsSource, RefusesATensorThatIsNotListed) {
  write("a.safetensors",
        R"({"x":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},)"
        R"("y":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}})",
        "");
  EXPECT_THAT(refusal_with_map(R"({"x":"a.safetensors"})"),
              HasSubstr("tensor 'y' in 'a.safetensors' is not listed"));
}

TEST_F(SafetensorsSource, RefusesATensorInTwoShards) {
  const std::string header = R"({"x":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}})";
  write("a.safetensors", header, "");
  write("b.safetensors", header, "");
  EXPECT_THAT(refusal_with_map(R"({"x":"a.safetensors","y":"b.safetensors"})"),
              HasSubstr("tensor 'x' is also in a.safetensors"));
}

TEST_F(SafetensorsSource, NamesTheFolderWithoutWeights) {
  try {
    open_model_folder(folder_);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kModel);
    EXPECT_THAT(error.message(), HasSubstr(folder_.string()));
  }
}

TEST_F(SafetensorsSource, TellsEveryMisfitInOneMessage) {
  const std::string header = R"({"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                             R"("shaped":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},)"
                             R"("typed":{"dtype":"I32","shape":[1],"data_offsets":[8,12]},)"
                             R"("layers.0.w":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}})";
  const auto source = open_safetensors(write("a.safetensors", header, floats({1, 2, 3, 4})));
  WeightReader reader(*source, {.device = at::kCPU, .dtype = at::kBFloat16}, "DiT");
  const WeightScope root = reader.root();
  EXPECT_EQ(root.scope("layers").scope(0).take("w", {1}).scalar_type(), at::kBFloat16);
  root.take("absent", {3});
  root.take("shaped", {2});
  root.take_float("typed", {1});
  try {
    reader.finish();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kModel);
    EXPECT_THAT(error.message(), HasSubstr("missing: 'absent' [3]"));
    EXPECT_THAT(error.message(), HasSubstr("wrong shape: 'shaped' is [1], expected [2]"));
    EXPECT_THAT(error.message(), HasSubstr("wrong dtype: 'typed' is Int"));
    EXPECT_THAT(error.message(), HasSubstr("extra: 'x' [1]"));
  }
}

}  // namespace
}  // namespace acestep::weights
