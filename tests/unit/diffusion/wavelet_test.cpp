#include "diffusion/wavelet.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "diffusion/dcw.h"
#include "util/error.h"

namespace acestep::diffusion {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;

// Published values (PyWavelets 1.9.0, MIT): db2 and sym4, rec_lo.
TEST(SynthesisLowPass, Db2IsTheDaubechiesFilter) {
  EXPECT_THAT(
      synthesis_low_pass("db2"),
      ElementsAre(DoubleNear(0.48296291314469025, 1e-12), DoubleNear(0.836516303737469, 1e-12),
                  DoubleNear(0.22414386804185735, 1e-12), DoubleNear(-0.12940952255092145, 1e-12)));
}

TEST(SynthesisLowPass, Sym4IsThePublishedSymlet) {
  EXPECT_THAT(
      synthesis_low_pass("sym4"),
      ElementsAre(DoubleNear(0.0322231006040427, 1e-9), DoubleNear(-0.012603967262037833, 1e-9),
                  DoubleNear(-0.09921954357684722, 1e-9), DoubleNear(0.29785779560527736, 1e-9),
                  DoubleNear(0.8037387518059161, 1e-9), DoubleNear(0.49761866763201545, 1e-9),
                  DoubleNear(-0.02963552764599851, 1e-9), DoubleNear(-0.07576571478927333, 1e-9)));
}

class EveryWavelet : public testing::TestWithParam<std::string> {};

TEST_P(EveryWavelet, IsOrthogonalToItsEvenShifts) {
  const std::vector<double> filter = synthesis_low_pass(GetParam());
  for (std::size_t shift = 0; shift < filter.size(); shift += 2) {
    double sum = 0.0;
    for (std::size_t k = shift; k < filter.size(); ++k) sum += filter[k] * filter[k - shift];
    EXPECT_NEAR(sum, shift == 0 ? 1.0 : 0.0, 1e-8) << "shift " << shift;
  }
}

INSTANTIATE_TEST_SUITE_P(Wavelets, EveryWavelet,
                         testing::Values("haar", "db3", "db8", "db20", "sym2", "sym5", "sym8",
                                         "sym13", "sym20"));

TEST(SynthesisLowPass, AnUnknownNameIsAUsageError) {
  for (const char* name : {"", "db", "db0", "db21", "sym1", "db2x", "dmey"}) {
    EXPECT_THROW(synthesis_low_pass(name), Error) << name;
  }
}

// With equal weights for both bands the transform there and back is a plain scaling.
TEST(Dcw, EqualBandWeightsScaleTheDifference) {
  const at::Tensor x =
      at::arange(2.0 * 7 * 64, at::TensorOptions(at::kFloat)).sin().view({2, 7, 64});
  const at::Tensor clean = at::zeros_like(x);
  const Dcw dcw({true, DcwMode::kDouble, 0.4, 0.4, "db3"});
  EXPECT_TRUE(at::allclose(dcw.correct(x, clean, 0.5), x * 1.2, 1e-5, 1e-6));
}

TEST(Dcw, DoesNothingWithoutScalers) {
  EXPECT_FALSE(Dcw({true, DcwMode::kDouble, 0.0, 0.0, "haar"}).is_active());
  EXPECT_FALSE(Dcw({true, DcwMode::kLow, 0.0, 0.5, "haar"}).is_active());
  EXPECT_FALSE(Dcw({false, DcwMode::kDouble, 0.1, 0.1, "haar"}).is_active());
}

}  // namespace
}  // namespace acestep::diffusion
