#include "weights/torch_tensor_file.h"

#include <ATen/ATen.h>

#include <limits>

#include "unit/util/temp_folder.h"
#include "weights/scalar_type.h"
#include "weights/torch_archive.h"

namespace acestep::weights {
namespace {

using ::acestep::testing::message_of;
using ::testing::HasSubstr;

class TorchTensorFileTest : public testing::TempFolder {
 protected:
  std::filesystem::path save(const at::Tensor& tensor) const {
    return write("silence_latent.pt",
                 write_torch_archive(
                     {"silence_latent",
                      stored_type(tensor.scalar_type()),
                      tensor.sizes().vec(),
                      {static_cast<const std::byte*>(tensor.const_data_ptr()), tensor.nbytes()}}));
  }
  // [1, channels, frames] with the values 0, 1/8, 2/8, …
  static at::Tensor ramp(int64_t channels, int64_t frames) {
    return at::arange(channels * frames, at::TensorOptions().dtype(at::kFloat))
        .div(8)
        .reshape({1, channels, frames});
  }
};

class TorchTensorDtype : public TorchTensorFileTest,
                         public ::testing::WithParamInterface<at::ScalarType> {};

TEST_P(TorchTensorDtype, IsWidenedToFloat32) {
  const at::Tensor stored = ramp(64, 2).to(GetParam());
  const at::Tensor silence = read_silence_latent(save(stored));
  EXPECT_EQ(silence.scalar_type(), at::kFloat);
  EXPECT_TRUE(at::equal(silence, stored.to(at::kFloat)));
}

INSTANTIATE_TEST_SUITE_P(Stored, TorchTensorDtype,
                         ::testing::Values(at::kFloat, at::kHalf, at::kBFloat16));

TEST_F(TorchTensorFileTest, RefusesAnotherShape) {
  const auto path = save(ramp(32, 2));
  EXPECT_THAT(message_of(ErrorCode::kModel, [&] { read_silence_latent(path); }),
              HasSubstr("[1, 32, 2], expected [1, 64, frames]"));
  EXPECT_EQ(read_torch_tensor(path).size(1), 32);
}

TEST_F(TorchTensorFileTest, RefusesValuesThatAreNotFinite) {
  at::Tensor tensor = ramp(64, 2);
  tensor[0][3][1] = std::numeric_limits<float>::quiet_NaN();
  const auto path = save(tensor);
  EXPECT_THAT(message_of(ErrorCode::kModel, [&] { read_silence_latent(path); }), HasSubstr("NaN"));
}

TEST_F(TorchTensorFileTest, NamesAMissingFile) {
  EXPECT_THAT(message_of(ErrorCode::kModel, [&] { read_silence_latent(folder_ / "absent.pt"); }),
              HasSubstr("absent.pt"));
}

}  // namespace
}  // namespace acestep::weights
