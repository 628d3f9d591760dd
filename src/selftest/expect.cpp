#include "selftest/expect.h"

#include <ATen/ATen.h>

#include <cmath>
#include <cstdio>
#include <optional>

namespace acestep::selftest {
namespace {

std::string number(double value) {
  char text[64];
  std::snprintf(text, sizeof(text), "%.9g", value);
  return text;
}

[[noreturn]] void fail(const std::string& what, const std::string& found,
                       const std::string& expected) {
  throw Error(ErrorCode::kRejected, what + " is " + found + ", expected " + expected);
}

// The code of the Error that `action` throws; absent: it throws none.
std::optional<ErrorCode> code_thrown_by(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.code();
  }
  return std::nullopt;
}

}  // namespace

void Expect::near(const std::string& what, double found, double expected, double bound) {
  if (falsifies()) found += 2.0 * bound + 1e-3;
  // Written so that NaN fails.
  const bool fits = std::fabs(found - expected) <= bound;
  if (!fits) fail(what, number(found), number(expected) + " ± " + number(bound));
}

void Expect::near(const std::string& what, const at::Tensor& found, const at::Tensor& expected,
                  double bound) {
  if (found.sizes() != expected.sizes()) {
    fail(what, "of shape " + c10::str(found.sizes()), c10::str(expected.sizes()));
  }
  const at::Tensor difference = (found.to(at::kDouble) - expected.to(at::kDouble)).abs();
  near(what + ", largest difference", difference.max().item<double>(), 0.0, bound);
}

void Expect::same(const std::string& what, const std::string& found, const std::string& expected) {
  const std::string judged = falsifies() ? found + "!" : found;
  if (judged != expected) fail(what, "'" + judged + "'", "'" + expected + "'");
}

void Expect::same(const std::string& what, int64_t found, int64_t expected) {
  same(what, std::to_string(found), std::to_string(expected));
}

void Expect::is_true(const std::string& what, bool found) {
  if (falsifies()) found = !found;
  if (!found) fail(what, "false", "true");
}

void Expect::refused(const std::string& what, ErrorCode code, const std::function<void()>& action) {
  const auto found = code_thrown_by(action);
  same(what + ", exit code of the refusal", found ? static_cast<int64_t>(*found) : 0,
       static_cast<int64_t>(code));
}

}  // namespace acestep::selftest
