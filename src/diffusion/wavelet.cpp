#include "diffusion/wavelet.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <complex>
#include <cstdint>
#include <numbers>
#include <numeric>

#include "util/error.h"

namespace acestep::diffusion {
namespace {

using Complex = std::complex<double>;

constexpr int64_t kMostVanishingMoments = 20;

// A Daubechies filter of N vanishing moments is (1 + z)^N times a factor with one root out of each
// reciprocal pair. Taking all roots inside the unit circle gives "db"; "sym" takes some outside,
// for a nearly linear phase. Bit i of entry N: root group i (ordered by real part, see root_groups)
// is taken outside; this choice is what defines the published symlets.
constexpr std::array<uint32_t, kMostVanishingMoments + 1> kSymletReflections = {
    0, 0, 0, 0, 2, 1, 5, 1, 10, 6, 21, 6, 21, 28, 44, 28, 89, 142, 333, 116, 357};

// Coefficients of P(y) = Σ C(N−1+k, k) y^k, lowest first: the halfband polynomial's other factor.
std::vector<double> halfband_polynomial(int64_t moments) {
  std::vector<double> coefficients = {1.0};
  for (int64_t k = 1; k < moments; ++k) {
    coefficients.push_back(coefficients.back() * static_cast<double>(moments - 1 + k) /
                           static_cast<double>(k));
  }
  return coefficients;
}

// Roots of a real polynomial: eigenvalues of its companion matrix.
std::vector<Complex> polynomial_roots(const std::vector<double>& lowest_first) {
  const auto degree = static_cast<int64_t>(lowest_first.size()) - 1;
  if (degree == 0) return {};
  const at::Tensor companion =
      at::zeros({degree, degree}, at::TensorOptions(at::kDouble).device(at::kCPU));
  auto entries = companion.accessor<double, 2>();
  for (int64_t k = 0; k < degree; ++k) {
    entries[0][k] = -lowest_first[static_cast<std::size_t>(degree - 1 - k)] / lowest_first.back();
    if (k + 1 < degree) entries[k + 1][k] = 1.0;
  }
  const at::Tensor values = at::view_as_real(at::linalg_eigvals(companion)).contiguous();
  const auto parts = values.accessor<double, 2>();
  std::vector<Complex> roots;
  for (int64_t k = 0; k < degree; ++k) roots.emplace_back(parts[k][0], parts[k][1]);
  return roots;
}

// One root z inside the unit circle for every real root and every conjugate pair of P(y), where
// y = (2 − z − 1/z) / 4; ordered by the real part of y.
std::vector<Complex> root_groups(int64_t moments) {
  constexpr double kRealBelow = 1e-12;
  std::vector<Complex> of_y;
  for (const Complex y : polynomial_roots(halfband_polynomial(moments))) {
    if (std::abs(y.imag()) < kRealBelow) of_y.emplace_back(y.real(), 0.0);
    if (y.imag() >= kRealBelow) of_y.push_back(y);
  }
  std::sort(of_y.begin(), of_y.end(), [](Complex a, Complex b) { return a.real() < b.real(); });
  std::vector<Complex> of_z;
  for (const Complex y : of_y) {
    const Complex half = 1.0 - 2.0 * y;
    const Complex offset = std::sqrt(half * half - 1.0);
    const Complex z = half + offset;
    of_z.push_back(std::abs(z) <= 1.0 ? z : half - offset);
  }
  return of_z;
}

std::vector<double> product(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> result(a.size() + b.size() - 1, 0.0);
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = 0; j < b.size(); ++j) result[i + j] += a[i] * b[j];
  }
  return result;
}

std::vector<double> low_pass(int64_t moments, uint32_t reflections) {
  std::vector<double> filter = {1.0};
  for (int64_t k = 0; k < moments; ++k) filter = product(filter, {1.0, 1.0});
  uint32_t group = 1;
  for (Complex z : root_groups(moments)) {
    if ((reflections & group) != 0) z = 1.0 / z;
    group <<= 1;
    filter = z.imag() == 0.0 ? product(filter, {1.0, -z.real()})
                             : product(filter, {1.0, -2.0 * z.real(), std::norm(z)});
  }
  const double sum = std::accumulate(filter.begin(), filter.end(), 0.0);
  for (double& tap : filter) tap *= std::numbers::sqrt2 / sum;
  return filter;
}

// The order behind `family` in `name`, or 0.
int64_t order_after(const std::string& name, const std::string& family) {
  if (name.compare(0, family.size(), family) != 0) return 0;
  int64_t order = 0;
  const char* end = name.data() + name.size();
  const auto parsed = std::from_chars(name.data() + family.size(), end, order);
  return parsed.ec == std::errc() && parsed.ptr == end ? order : 0;
}

}  // namespace

std::vector<double> synthesis_low_pass(const std::string& wavelet) {
  const int64_t daubechies = wavelet == "haar" ? 1 : order_after(wavelet, "db");
  if (daubechies >= 1 && daubechies <= kMostVanishingMoments) return low_pass(daubechies, 0);
  const int64_t symlet = order_after(wavelet, "sym");
  if (symlet >= 2 && symlet <= kMostVanishingMoments) {
    return low_pass(symlet, kSymletReflections[static_cast<std::size_t>(symlet)]);
  }
  throw Error(ErrorCode::kUsage,
              "dcw_wavelet is '" + wavelet + "', expected haar, db1 … db20 or sym2 … sym20",
              "use --dcw_wavelet haar, the default");
}

std::vector<double> synthesis_high_pass(const std::vector<double>& low_pass) {
  std::vector<double> filter(low_pass.rbegin(), low_pass.rend());
  for (std::size_t k = 1; k < filter.size(); k += 2) filter[k] = -filter[k];
  return filter;
}

}  // namespace acestep::diffusion
