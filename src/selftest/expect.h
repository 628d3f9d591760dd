// What a check measures is judged here: a finding either fits what was expected or ends the check.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <string>

#include "util/error.h"

namespace acestep::selftest {

// Every judgement throws Error kRejected naming what was measured, what was found and what was
// expected, unless they agree.
class Expect final {
 public:
  // falsified: the finding, counted from 1, that is replaced by a wrong one before it is judged, to
  // prove that it matters; 0: none.
  explicit Expect(int64_t falsified = 0) : falsified_(falsified) {}

  // |found - expected| <= bound. NaN agrees with nothing.
  void near(const std::string& what, double found, double expected, double bound);
  // The largest difference of two tensors of one shape, in double precision.
  void near(const std::string& what, const at::Tensor& found, const at::Tensor& expected,
            double bound);
  void same(const std::string& what, const std::string& found, const std::string& expected);
  void same(const std::string& what, int64_t found, int64_t expected);
  void is_true(const std::string& what, bool found);
  // `action` throws an Error of this code.
  void refused(const std::string& what, ErrorCode code, const std::function<void()>& action);

  int64_t findings() const { return findings_; }

 private:
  // Is the next finding the one to falsify?
  bool falsifies() { return ++findings_ == falsified_; }

  int64_t falsified_;
  int64_t findings_ = 0;
};

}  // namespace acestep::selftest
