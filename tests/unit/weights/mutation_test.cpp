// Seeded damage to valid files: each result is either read or refused with Error kModel, within the
// file's own size plus 1 MiB of memory.
#include <gmock/gmock.h>

#include "unit/util/temp_folder.h"
#include "unit/weights/allocation_meter.h"
#include "unit/weights/hostile_bytes.h"
#include "util/split_mix.h"
#include "weights/safetensors.h"
#include "weights/shard_index.h"
#include "weights/stored_zip.h"
#include "weights/tensor_pickle.h"
#include "weights/torch_archive.h"
#include "weights/torch_tensor_layout.h"

namespace acestep::weights {
namespace {

using ::acestep::testing::as_span;
using ::acestep::testing::mutate;

constexpr int kMutations = 20'000;
constexpr size_t kSlackBytes = 1 << 20;

// Returns how many of the mutated files were read.
template <typename Read>
int count_read(const std::string& valid, size_t reach, uint64_t seed, Read read) {
  util::SplitMix random(seed);
  int is_read = 0;
  for (int i = 0; i < kMutations; ++i) {
    const std::string bytes = mutate(valid, reach, random);
    const size_t peak = testing::peak_allocated_bytes([&] {
      try {
        read(bytes);
        ++is_read;
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::kModel);
        EXPECT_THAT(error.message(), ::testing::StartsWith("file: "));
      }
    });
    EXPECT_LE(peak, bytes.size() + kSlackBytes) << "mutation " << i;
    if (::testing::Test::HasFailure()) break;
  }
  return is_read;
}

std::string valid_safetensors() {
  return testing::safetensors(
      R"({"__metadata__":{"format":"pt"},)"
      R"("layers.0.weight":{"dtype":"BF16","shape":[4,8],"data_offsets":[0,64]},)"
      R"("layers.0.bias":{"dtype":"F32","shape":[8],"data_offsets":[64,96]},)"
      R"("scalar":{"dtype":"I64","shape":[],"data_offsets":[96,104]},)"
      R"("empty":{"dtype":"U8","shape":[0,3],"data_offsets":[104,104]}}  )",
      104);
}

std::string valid_torch_file() {
  const std::string values(2 * 3 * 4, '\x3f');
  return write_torch_archive({"silence_latent", StoredType::kF32, {1, 2, 3}, as_span(values)});
}

TEST(MutatedFiles, OfSafetensorsAreReadOrRefused) {
  const std::string valid = valid_safetensors();
  const int is_read = count_read(valid, valid.size() - 104, 1, [](const std::string& bytes) {
    for (const StoredTensor& tensor : parse_safetensors(as_span(bytes), "file").tensors) {
      ASSERT_LE(tensor.begin, tensor.end);
      ASSERT_LE(tensor.end, bytes.size());
    }
  });
  EXPECT_GT(is_read, 0);
  EXPECT_LT(is_read, kMutations);
}

TEST(MutatedFiles, OfTorchAreReadOrRefused) {
  const std::string valid = valid_torch_file();
  const int is_read = count_read(valid, valid.size(), 2, [](const std::string& bytes) {
    const TorchTensorLayout layout = parse_torch_tensor(as_span(bytes), "file");
    ASSERT_GE(layout.values.data(), as_span(bytes).data());
    ASSERT_LE(layout.values.size(), bytes.size());
  });
  EXPECT_GT(is_read, 0);
  EXPECT_LT(is_read, kMutations);
}

// The archive's checksums would catch most of these, so the pickle is also tried alone.
TEST(MutatedFiles, OfPicklesAreReadOrRefused) {
  const std::string valid = write_tensor_pickle({.type = StoredType::kBF16,
                                                 .storage = "0",
                                                 .storage_elements = 70'000,
                                                 .offset = 0,
                                                 .shape = {1, 64, 500},
                                                 .strides = {32'000, 500, 1}});
  const int is_read = count_read(valid, valid.size(), 3, [](const std::string& bytes) {
    const PickledTensor tensor = read_tensor_pickle(as_span(bytes), "file");
    ASSERT_EQ(tensor.shape.size(), tensor.strides.size());
  });
  EXPECT_GT(is_read, 0);
  EXPECT_LT(is_read, kMutations);
}

}  // namespace
}  // namespace acestep::weights
