#include <ATen/ATen.h>

#include "diffusion/noise.h"
#include "golden/pipeline/runners.h"

namespace acestep::golden {
namespace {

using nlohmann::json;

constexpr int64_t kVocabulary = 67817;  // as the data says in its labels
constexpr int64_t kFrames = 150;
constexpr int64_t kDraws = 4;

json head(const at::Tensor& values, int64_t count) {
  json list = json::array();
  for (int64_t i = 0; i < count; ++i) list.push_back(values[i].item<float>());
  return list;
}

json tail(const at::Tensor& values, int64_t count) {
  return head(values.narrow(0, values.numel() - count, count), count);
}

// JSON doubles against float32 values: equal when they are the same float32.
void same_floats(Check& check, const std::string& label, const json& actual, const json& expected) {
  json rounded = json::array();
  for (const json& value : expected) rounded.push_back(value.get<float>());
  check.equal(label, actual, rounded);
}

void check_seed(Check& check, const std::string& seed, const json& expected) {
  at::Generator shared = diffusion::make_generator(std::stoull(seed));
  const at::Tensor exponentials = at::empty({1, kVocabulary}).exponential_(1, shared);
  same_floats(check, seed + " exponential", head(exponentials[0], 8),
              expected.at("1 exponential_[1,67817] first8"));
  const double sum = exponentials.to(at::kDouble).sum().item<double>();
  const double expected_sum = expected.at("1 sum").get<double>();
  check.measured(seed + " sum", std::abs(sum - expected_sum) / expected_sum, 1e-12);

  const at::Tensor normal = at::randn({1, 64, kFrames}, shared, at::TensorOptions()).flatten();
  same_floats(check, seed + " randn", head(normal, 8), expected.at("2 randn[1,64,150] first8"));
  same_floats(check, seed + " randn end", tail(normal, 4), expected.at("2 last4"));

  const at::Tensor probabilities =
      at::softmax(at::arange(kVocabulary, at::kFloat).remainder(97).mul(0.05), 0).unsqueeze(0);
  json drawn = json::array();
  for (int64_t i = 0; i < kDraws; ++i) {
    drawn.push_back(at::multinomial(probabilities, 1, false, shared).item<int64_t>());
  }
  check.equal(seed + " multinomial", drawn,
              expected.at("3 multinomial x4, p = softmax(0.05*(i mod 97))"));

  auto streams = diffusion::NoiseStreams::per_song({std::stoull(seed)});
  const at::Tensor own = streams.draw(kFrames).flatten();
  same_floats(check, seed + " own", head(own, 8),
              expected.at("own generator randn[1,150,64] first8"));
  same_floats(check, seed + " own end", tail(own, 4), expected.at("own generator last4"));
}

}  // namespace

void run_rng_check(const Case& the_case, Check& check) {
  for (const auto& [seed, expected] : the_case.data.items()) {
    check_seed(check, seed, expected);
    check.count();
  }
}

}  // namespace acestep::golden
