#include "sim/device_check.h"

#include <ATen/CPUGeneratorImpl.h>

#include <functional>

#include "sim/host_kernel.h"
#include "unit/sim/on_both.h"

namespace acestep::sim {
namespace {

using at::Tensor;
using testing::expect_same;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::numbers;
using testing::on_device;
using testing::refusal;

struct Mixed {
  const char* name;
  std::function<void(const Tensor& here, const Tensor& host)> call;  // both [4, 4] float
};

class RefusesMixedDevices : public testing::SimulatedGpu,
                            public ::testing::WithParamInterface<Mixed> {};

TEST_P(RefusesMixedDevices, AsCudaDoes) {
  const Tensor host = numbers({4, 4});
  const std::string message = refusal([&] { GetParam().call(on_device(host), host); });
  EXPECT_THAT(message, HasSubstr("on the same device"));
}

const Tensor kNoTensor;
Tensor scalar() { return at::scalar_tensor(2.0); }
Tensor rows() { return at::tensor({0, 2}); }

INSTANTIATE_TEST_SUITE_P(
    Operators, RefusesMixedDevices,
    ::testing::Values(
        Mixed{"add", [](auto& here, auto& host) { here.add(host); }},
        Mixed{"add_to_host", [](auto& here, auto& host) { host.add(here); }},
        Mixed{"add_in_place", [](auto& here, auto& host) { here.add_(host); }},
        Mixed{"add_in_place_on_host", [](auto& here, auto& host) { host.add_(here); }},
        Mixed{"write_to_host_scalar", [](auto& here, auto&) { scalar().add_(here.sum()); }},
        Mixed{"scalar_here_with_host", [](auto& here, auto& host) { host.add(here.sum()); }},
        Mixed{"out_on_host",
              [](auto& here, auto& host) {
                Tensor out = at::empty_like(host);
                at::add_out(out, here, here);
              }},
        Mixed{"matmul", [](auto& here, auto& host) { at::matmul(here, host); }},
        Mixed{"linear", [](auto& here, auto& host) { at::linear(here, host); }},
        Mixed{"linear_bias", [](auto& here, auto& host) { at::linear(here, here, host[0]); }},
        Mixed{"convolution",
              [](auto& here, auto& host) { at::conv1d(here, host.view({4, 4, 1})); }},
        Mixed{"convolution_bias",
              [](auto& here, auto& host) { at::conv1d(here, here.view({4, 4, 1}), host[0]); }},
        Mixed{"attention",
              [](auto& here, auto& host) {
                const Tensor heads = here.view({1, 1, 4, 4});
                at::scaled_dot_product_attention(heads, heads, heads, host);
              }},
        Mixed{"rms_norm", [](auto& here, auto& host) { at::rms_norm(here, {4}, host[0]); }},
        Mixed{"layer_norm", [](auto& here, auto& host) { at::layer_norm(here, {4}, host[0]); }},
        Mixed{"cat", [](auto& here, auto& host) { at::cat({here, host}); }},
        Mixed{"stack", [](auto& here, auto& host) { at::stack({host, here}); }},
        Mixed{"embedding", [](auto& here, auto&) { at::embedding(here, rows()); }},
        Mixed{"index_select", [](auto& here, auto&) { here.index_select(0, rows()); }},
        Mixed{"index_select_scalar",
              [](auto& here, auto&) { here.index_select(0, at::scalar_tensor(1, at::kLong)); }},
        Mixed{"gather",
              [](auto& here, auto&) { here.gather(0, at::zeros({1, 4}, at::kLong)); }},
        Mixed{"scatter",
              [](auto& here, auto& host) {
                here.scatter(0, on_device(at::zeros({1, 4}, at::kLong)), host);
              }},
        Mixed{"index_on_host", [](auto& here, auto& host) { host.index({here.gt(0)}); }},
        Mixed{"index_put_values",
              [](auto& here, auto& host) { here.index_put({rows()}, host.narrow(0, 0, 2)); }},
        Mixed{"masked_fill_mask", [](auto& here, auto& host) { here.masked_fill(host.gt(0), 1); }},
        Mixed{"masked_select", [](auto& here, auto& host) { here.masked_select(host.gt(0)); }},
        Mixed{"where_condition",
              [](auto& here, auto& host) { at::where(host.gt(0), here, here); }},
        Mixed{"where_choice", [](auto& here, auto& host) { at::where(here.gt(0), here, host); }},
        Mixed{"lerp_scalar", [](auto& here, auto&) { here.lerp(here, scalar()); }},
        Mixed{"addcmul_scalar", [](auto& here, auto&) { at::addcmul(here, here, scalar()); }},
        Mixed{"equal", [](auto& here, auto& host) { at::equal(here, host); }},
        Mixed{"host_kernel",
              [](auto& here, auto& host) {
                run_on_host({here, host}, [](const Tensors& lent) { return lent[0]; });
              }}),
    [](const auto& instance) { return instance.param.name; });

class AcceptsHostTensors : public testing::SimulatedGpu {
 protected:
  const Tensor host_ = numbers({4, 4});
  const Tensor here_ = on_device(host_);
};

TEST_F(AcceptsHostTensors, AsScalarsOfTwoOperands) {
  expect_same(here_.add(scalar()), host_.add(scalar()));
  expect_same(scalar().mul(here_), scalar().mul(host_));
  expect_same(here_.gt(scalar()), host_.gt(scalar()));
  expect_same(here_.clone().div_(scalar()), host_.div(scalar()));
}

TEST_F(AcceptsHostTensors, AsIndices) {
  expect_same(here_.index({rows()}), host_.index({rows()}));
  expect_same(here_.index({host_.gt(0)}), host_.index({host_.gt(0)}));
  expect_same(here_.index({on_device(rows())}), host_.index({rows()}));
}

TEST_F(AcceptsHostTensors, AsSingleValuesToFillIn) {
  const Tensor mask = host_.gt(0);
  expect_same(here_.masked_fill(on_device(mask), scalar()), host_.masked_fill(mask, scalar()));
  expect_same(here_.clone().fill_(scalar()), host_.clone().fill_(scalar()));
  expect_same(here_.index_put({rows()}, scalar()), host_.index_put({rows()}, scalar()));
  expect_same(at::where(on_device(mask), here_, scalar()), at::where(mask, host_, scalar()));
}

TEST_F(AcceptsHostTensors, InCopies) {
  const Tensor to = at::empty_like(here_);
  to.copy_(host_);
  expect_same(to, host_);
  Tensor back = at::empty_like(host_);
  back.copy_(to);
  EXPECT_TRUE(at::equal(back, host_));
}

TEST_F(AcceptsHostTensors, NoGeneratorOfTheHost) {
  const at::Generator generator = at::make_generator<at::CPUGeneratorImpl>(1);
  EXPECT_THAT(refusal([&] { at::randn({4}, generator, here_.options()); }),
              HasSubstr("Expected a 'sim' device type for generator"));
}

TEST_F(AcceptsHostTensors, NoPinnedDeviceMemory) {
  EXPECT_THAT(refusal([&] { at::empty({4}, here_.options().pinned_memory(true)); }),
              HasSubstr("pinned"));
}

TEST_F(AcceptsHostTensors, ButNoHostPointersToItsMemory) {
  EXPECT_THAT(refusal([&] { here_.const_data_ptr<float>(); }),
              HasSubstr("the host cannot point into the simulated GPU's memory"));
  EXPECT_THAT(refusal([&] { here_.add(1).mutable_data_ptr<float>(); }),
              HasSubstr("the host cannot point into the simulated GPU's memory"));
}

TEST_F(AcceptsHostTensors, ATensorsOwnDeviceIsNoMix) {
  EXPECT_THAT(refusal([&] { at::cat({here_, here_}); }), IsEmpty());
}

}  // namespace
}  // namespace acestep::sim
