#include "lm/token_draw.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/DistributionsHelper.h>

#include <mutex>

#include "util/error.h"

namespace acestep::lm {
namespace {

// A generator's numbers without its lock and its calls.
class Numbers {
 public:
  explicit Numbers(at::CPUGeneratorImpl& generator)
      : generator_(generator), lock_(generator.mutex_), engine_(generator.engine()) {}
  ~Numbers() { generator_.set_engine(engine_); }
  Numbers(const Numbers&) = delete;
  Numbers& operator=(const Numbers&) = delete;

  // As at::CPUGeneratorImpl::random64.
  uint64_t random64() {
    const uint64_t high = engine_();
    return high << 32U | engine_();
  }
  void skip() {
    engine_();
    engine_();
  }

 private:
  at::CPUGeneratorImpl& generator_;
  std::lock_guard<std::mutex> lock_;
  at::mt19937 engine_;
};

}  // namespace

// The largest of p / Exp(1) over all tokens; those with p = 0 can never be it.
int64_t draw_token(const at::Tensor& probabilities, const at::Generator& generator) {
  ACE_CHECK(probabilities.dim() == 1 && probabilities.scalar_type() == at::kFloat &&
            probabilities.is_contiguous());
  const at::exponential_distribution<double> exponential(1.0);
  Numbers numbers(*at::check_generator<at::CPUGeneratorImpl>(generator));
  const float* p = probabilities.const_data_ptr<float>();
  int64_t token = -1;
  float largest = 0.0F;
  for (int64_t i = 0; i < probabilities.size(0); ++i) {
    if (p[i] > 0.0F) {
      const float score = p[i] / static_cast<float>(exponential(&numbers));
      if (score > largest) {
        largest = score;
        token = i;
      }
    } else {
      numbers.skip();
    }
  }
  if (token >= 0) return token;
  throw Error(ErrorCode::kRejected, "compose: the language model leaves no token that is possible",
              "try --dtype fp32; if it stays, the model's files may be damaged");
}

}  // namespace acestep::lm
